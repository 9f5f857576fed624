# Credential Guard and secure boot. Checks T19, L13.

Register-Area 'device-guard' -Single {
    $guard = Get-CimInstance -Namespace 'root\Microsoft\Windows\DeviceGuard' -ClassName Win32_DeviceGuard
    $secure = Read-Value 'SYSTEM\CurrentControlSet\Control\SecureBoot\State' 'UEFISecureBootEnabled'
    [ordered]@{
        SecurityServicesRunning = @($guard.SecurityServicesRunning | ForEach-Object { [int]$_ })
        SecureBoot = ($secure -eq 1)
    }
}
