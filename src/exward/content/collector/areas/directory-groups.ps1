# High-profile groups with their direct members; groups among the members follow, so that nesting can be
# resolved. Checks R1, R2, R10.

function Find-HighGroups {
    # Distinguished names. Built-in groups have other names in other languages: go by SID.
    param([string]$Domain)
    $head = Find-Entry $Domain @('objectSid')
    $sid = Read-Sid $head
    # Cert Publishers 517, Domain Admins 512, Schema 518, Enterprise 519, GPO owners 520, Key Admins 526, 527.
    $sids = @('512', '517', '518', '519', '520', '526', '527' | ForEach-Object { "$sid-$_" })
    # Administrators, Account, Server, Print, Backup Operators, Remote Desktop, Remote Management Users.
    $sids += @('544', '548', '549', '550', '551', '555', '580' | ForEach-Object { "S-1-5-32-$_" })
    foreach ($one in $sids) { Find-Entries $Domain "(objectSid=$one)" @('distinguishedName') }
    Find-Entries $Domain '(&(objectClass=group)(sAMAccountName=DnsAdmins))' @('distinguishedName')
    $folder = "OU=Microsoft Exchange Security Groups,$Domain"
    if ($null -ne (Find-Entry $folder @('name'))) {
        Find-Entries $folder '(objectClass=group)' @('distinguishedName')
    }
    else { Add-Fault "${folder}: not in this domain" }
}

function Find-Members {
    # Members by memberOf, and those whose primary group it is.
    param([string]$Domain, [string]$Dn, [string]$Sid)
    $filter = '(memberOf=' + (Format-FilterValue $Dn) + ')'
    $rid = $Sid.Substring($Sid.LastIndexOf('-') + 1)
    if ($Sid -like 'S-1-5-21-*') { $filter = "(|$filter(primaryGroupID=$rid))" }
    return Find-Entries $Domain $filter $AccountAttributes | ForEach-Object { Select-Account $_ }
}

function Find-Foreign {
    # Members of other domains are known by their name only.
    param($Group, $Known)
    $range = @($Group.Properties.PropertyNames | Where-Object { $_ -like 'member;range=*' })
    if ($range.Count -gt 0) { Add-Fault ('{0}: members of other domains are not listed, there are too many' -f (Read-First $Group 'name')) }
    foreach ($dn in @(Read-All $Group 'member')) {
        if ($Known -notcontains $dn) { [ordered]@{ Name = $dn; Dn = $dn } }
    }
}

Register-Area 'directory-groups' {
    $domain = (Read-RootDse)['defaultNamingContext']
    $seen = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
    $queue = New-Object 'System.Collections.Generic.Queue[string]'
    foreach ($group in @(Find-HighGroups $domain)) { $queue.Enqueue([string](Read-First $group 'distinguishedName')) }
    while ($queue.Count -gt 0 -and $seen.Count -lt 2000) {
        $dn = $queue.Dequeue()
        if (-not $seen.Add($dn)) { continue }
        try {
            $group = Find-Entry $dn @('name', 'objectSid', 'member')
            if ($null -eq $group) { continue }
            $sid = Read-Sid $group
            $found = @(Find-Members $domain $dn $sid)
            $known = @($found | ForEach-Object { $_['Dn'] })
            $found += @(Find-Foreign $group $known)
            [ordered]@{ Name = [string](Read-First $group 'name'); Sid = $sid; Dn = $dn; Members = $found }
            foreach ($one in $found) { if ($one['Class'] -eq 'group') { $queue.Enqueue($one['Dn']) } }
        }
        catch { Add-Fault ('{0}: {1}' -f $dn, (Format-Reason $_)) }
    }
    if ($queue.Count -gt 0) { Add-Fault 'more than 2000 groups: the rest is not listed' }
}
