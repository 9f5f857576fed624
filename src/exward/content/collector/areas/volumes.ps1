# Volumes, free space and encryption. Check L13.

function Read-Encryption {
    # On or Off by drive; empty where BitLocker is not installed.
    $states = @{}
    try { foreach ($volume in @(Get-BitLockerVolume)) { $states[[string]$volume.MountPoint] = [string]$volume.ProtectionStatus } }
    catch { Add-Fault ('BitLocker: ' + (Format-Reason $_)) }
    return $states
}

Register-Area 'volumes' {
    $states = Read-Encryption
    foreach ($disk in @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3')) {
        [ordered]@{
            Drive = [string]$disk.DeviceID; Bytes = [long]$disk.Size; FreeBytes = [long]$disk.FreeSpace
            BitLocker = $states[[string]$disk.DeviceID]
        }
    }
}
