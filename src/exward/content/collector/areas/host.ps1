# Windows, its version, and whether a restart is pending. Checks V8, V10, V11, L10.

function Find-PendingReboot {
    $session = Read-Value 'SYSTEM\CurrentControlSet\Control\Session Manager' 'PendingFileRenameOperations'
    if ($null -ne $session -and @($session).Count -gt 0) { 'PendingFileRenameOperations' }
    $current = 'SOFTWARE\Microsoft\Windows\CurrentVersion'
    if ($null -ne (Open-Key "$current\Component Based Servicing\RebootPending")) { 'ComponentBasedServicing' }
    if ($null -ne (Open-Key "$current\WindowsUpdate\Auto Update\RebootRequired")) { 'WindowsUpdate' }
    $updates = Read-Value 'SOFTWARE\Microsoft\Updates' 'UpdateExeVolatile'
    if ($null -ne $updates -and $updates -ne 0) { 'UpdateExeVolatile' }
    if ($null -ne (Open-Key 'SOFTWARE\Microsoft\SMS\Mobile Client\Reboot Management\RebootData')) { 'ConfigurationManager' }
}

Register-Area 'host' -Single {
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    [ordered]@{
        Name = $env:COMPUTERNAME
        Fqdn = $Server
        Domain = [string]$computer.Domain
        DomainRole = [int]$computer.DomainRole
        OsCaption = [string]$system.Caption
        OsVersion = [string]$system.Version
        OsBuild = [int]$system.BuildNumber
        OsRevision = Read-Value 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'UBR'
        OsInstalled = Format-Time $system.InstallDate
        Booted = Format-Time $system.LastBootUpTime
        TimeZone = [TimeZoneInfo]::Local.Id
        Culture = [System.Globalization.CultureInfo]::CurrentCulture.Name
        PowerShellVersion = $PSVersionTable.PSVersion.ToString()
        ExchangePath = $ExchangePath
        ProcessElevated = $Elevated
        PendingReboot = @(Find-PendingReboot)
    }
}
