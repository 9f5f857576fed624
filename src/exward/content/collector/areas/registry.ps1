# Registry keys that decide on TLS, NTLM, .NET, Defender, logging and Exchange. A key that does not exist is
# an answer, too. Checks V9, T1 to T10, W1, W4, W7, W8, A3, A7, R15, L3, L5, L8.

function Format-RegistryValue {
    param($Value)
    if ($Value -is [byte[]]) { return ConvertTo-HexText $Value }
    if ($Value -is [string[]]) { return , @($Value) }
    return $Value
}

function Select-Key {
    param([string]$Path)
    $row = [ordered]@{ Key = "HKLM\$Path"; Exists = $false; Values = [ordered]@{} }
    $key = Open-Key $Path
    if ($null -eq $key) { return $row }
    $row['Exists'] = $true
    try {
        foreach ($name in $key.GetValueNames()) {
            $plain = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
            $row['Values'][$name] = Format-RegistryValue ($key.GetValue($name, $null, $plain))
        }
    }
    finally { $key.Dispose() }
    return $row
}

function Find-Subkeys {
    param([string]$Path)
    $key = Open-Key $Path
    if ($null -eq $key) { return }
    try { foreach ($name in $key.GetSubKeyNames()) { "$Path\$name" } } finally { $key.Dispose() }
}

function Find-TlsKeys {
    $schannel = 'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL'
    $schannel
    foreach ($version in '1.0', '1.1', '1.2', '1.3') {
        foreach ($side in 'Client', 'Server') { "$schannel\Protocols\TLS $version\$side" }
    }
    foreach ($version in 'SSL 2.0', 'SSL 3.0') {
        foreach ($side in 'Client', 'Server') { "$schannel\Protocols\$version\$side" }
    }
    'SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002'
    foreach ($root in 'SOFTWARE\Microsoft\.NETFramework', 'SOFTWARE\Wow6432Node\Microsoft\.NETFramework') {
        foreach ($version in 'v2.0.50727', 'v4.0.30319') { "$root\$version" }
    }
    'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'
}

function Find-SystemKeys {
    $control = 'SYSTEM\CurrentControlSet\Control'
    "$control\Lsa"
    "$control\Lsa\MSV1_0"
    "$control\SecurityProviders\WDigest"
    "$control\SecureBoot\State"
    "$control\Terminal Server"
    "$control\Terminal Server\WinStations\RDP-Tcp"
    'SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services'
    'SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager'
    foreach ($name in 'LanmanServer', 'LanmanWorkstation', 'W32Time', 'NTDS', 'Netlogon') { "SYSTEM\CurrentControlSet\Services\$name\Parameters" }
    'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
    'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit'
    foreach ($name in 'ScriptBlockLogging', 'ModuleLogging', 'ModuleLogging\ModuleNames', 'Transcription') {
        "SOFTWARE\Policies\Microsoft\Windows\PowerShell\$name"
    }
    # LAPS: the older product, and the one of Windows.
    'SOFTWARE\Policies\Microsoft Services\AdmPwd'
    'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS'
    'SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config'
    'SOFTWARE\Microsoft\Policies\LAPS'
    'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU'
}

function Find-DefenderKeys {
    'SOFTWARE\Microsoft\AMSI\Providers'
    Find-Subkeys 'SOFTWARE\Microsoft\AMSI\Providers'
    foreach ($root in 'SOFTWARE\Microsoft\Windows Defender', 'SOFTWARE\Policies\Microsoft\Windows Defender') {
        $root
        foreach ($name in 'Real-Time Protection', 'Spynet', 'Features') { "$root\$name" }
        foreach ($name in 'Paths', 'Extensions', 'Processes', 'IpAddresses') { "$root\Exclusions\$name" }
    }
}

Register-Area 'registry' {
    $keys = @(Find-TlsKeys) + @(Find-SystemKeys) + @(Find-DefenderKeys)
    foreach ($name in 'Setup', 'Diagnostics') { $keys += "SOFTWARE\Microsoft\ExchangeServer\v15\$name" }
    foreach ($path in $keys) {
        try { Select-Key $path }
        catch { Add-Fault ('HKLM\{0}: {1}' -f $path, (Format-Reason $_)) }
    }
}
