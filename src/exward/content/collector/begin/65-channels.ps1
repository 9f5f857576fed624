# The event logs that tell of an intrusion.

function Find-Channels {
    # Those of them that exist here.
    $names = @('Security', 'System', 'Application', 'MSExchange Management', 'Windows PowerShell')
    $names += @('PowerShell', 'Windows Defender', 'Sysmon', 'TaskScheduler', 'WindowsUpdateClient', 'IIS-Configuration',
        'WMI-Activity', 'Bits-Client', 'WinRM', 'NTLM', 'CodeIntegrity', 'GroupPolicy',
        'TerminalServices-LocalSessionManager', 'TerminalServices-RemoteConnectionManager',
        'CertificateServicesClient-Lifecycle-System' | ForEach-Object { "Microsoft-Windows-$_/Operational" })
    $names += @('Microsoft-Windows-IIS-Logging/Logs', 'Microsoft-Windows-SMBServer/Security', 'Microsoft-Windows-SmbClient/Security',
        'Microsoft-Windows-AppLocker/EXE and DLL', 'Microsoft-Windows-AppLocker/MSI and Script',
        'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational',
        'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall')
    $session = New-Object System.Diagnostics.Eventing.Reader.EventLogSession
    try { $known = @($session.GetLogNames()) } finally { $session.Dispose() }
    return $names | Where-Object { $known -contains $_ }
}
