# Local groups and their members. Read through ADSI: Get-LocalGroupMember fails at a deleted account.
# Checks R2, L11.

function Select-LocalMember {
    param($Member)
    $entry = [adsi]$Member
    $sid = New-Object System.Security.Principal.SecurityIdentifier([byte[]]$entry.psbase.Properties['objectSid'].Value, 0)
    return [ordered]@{ Name = Select-Name $sid; Sid = $sid.Value; Class = $entry.psbase.SchemaClassName }
}

Register-Area 'local-groups' {
    $role = [int](Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole
    if ($role -ge 4) { throw 'a domain controller has no local groups' }
    $computer = New-Object System.DirectoryServices.DirectoryEntry("WinNT://$env:COMPUTERNAME,computer")
    foreach ($group in $computer.psbase.Children) {
        if ($group.psbase.SchemaClassName -ne 'Group') { continue }
        $sid = New-Object System.Security.Principal.SecurityIdentifier([byte[]]$group.psbase.Properties['objectSid'].Value, 0)
        $found = foreach ($one in @($group.psbase.Invoke('Members'))) {
            try { Select-LocalMember $one }
            catch { Add-Fault ('{0}: {1}' -f $group.psbase.Name, (Format-Reason $_)) }
        }
        [ordered]@{ Name = [string]$group.psbase.Name; Sid = $sid.Value; Members = @($found) }
    }
}
