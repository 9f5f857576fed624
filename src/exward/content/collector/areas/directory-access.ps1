# Who may change the domain head, AdminSDHolder, Exchange's groups, their members and protected accounts, and what
# these lie in. Checks V5, R3, R5.

function Select-Access {
    param([string]$Object, [string]$Dn)
    $entry = Open-Entry $Dn
    $entry.psbase.Options.SecurityMasks = [System.DirectoryServices.SecurityMasks]'Owner, Dacl'
    $owner = $entry.psbase.ObjectSecurity.GetOwner([System.Security.Principal.SecurityIdentifier])
    if ($null -ne $owner) {
        # Who owns an object may rewrite its access list, whatever stands in it.
        [ordered]@{
            Object = $Object; Dn = $Dn; Trustee = Select-Name $owner; Sid = $owner.Value; Rights = 'Owner'
            Type = 'Allow'; ObjectType = ''; InheritedObjectType = ''; Inherited = $false; InheritOnly = $false
            InheritanceType = 'None'
        }
    }
    $rules = $entry.psbase.ObjectSecurity.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
    foreach ($rule in $rules) {
        $inheritOnly = $rule.PropagationFlags -band [System.Security.AccessControl.PropagationFlags]::InheritOnly
        [ordered]@{
            Object = $Object; Dn = $Dn
            Trustee = Select-Name $rule.IdentityReference; Sid = $rule.IdentityReference.Value
            Rights = [string]$rule.ActiveDirectoryRights; Type = [string]$rule.AccessControlType
            ObjectType = [string]$rule.ObjectType; InheritedObjectType = [string]$rule.InheritedObjectType
            Inherited = $rule.IsInherited; InheritOnly = ([int]$inheritOnly -ne 0)
            InheritanceType = [string]$rule.InheritanceType
        }
    }
    $entry.psbase.Dispose()
}

function Find-Holders {
    # Names of accounts and servers that are direct members of Exchange's groups, or that AdminSDHolder protects.
    param([string]$Domain, [string]$Folder)
    $filter = '(adminCount=1)'
    foreach ($group in @(Find-Entries $Folder '(objectClass=group)' @('distinguishedName'))) {
        $filter += '(memberOf=' + (Format-FilterValue ([string](Read-First $group 'distinguishedName'))) + ')'
    }
    # sAMAccountType from 0x30000000 on: users and computers, no groups.
    foreach ($one in Find-Entries $Domain "(&(sAMAccountType>=805306368)(|$filter))" @('distinguishedName')) {
        [string](Read-First $one 'distinguishedName')
    }
}

function Select-HolderAccess {
    # Each of these, and the units that they lie in: who may change a unit may change what it hands on.
    param([string]$Domain, [string]$Folder)
    $holders = @(Find-Holders $Domain $Folder)
    if ($holders.Count -gt 300) { Add-Fault 'more than 300 members and protected accounts: access to the rest is not listed' }
    $units = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
    foreach ($dn in @($holders | Select-Object -First 300)) {
        $above = $dn -replace '^(?:[^,\\]|\\.)+,', ''
        while ($above -ne $Domain -and $above -match '^(?:OU|CN)=' -and $units.Add($above)) {
            $above = $above -replace '^(?:[^,\\]|\\.)+,', ''
        }
        try { Select-Access 'member' $dn }
        catch { Add-Fault ('{0}: {1}' -f $dn, (Format-Reason $_)) }
    }
    foreach ($dn in @($units)) {
        try { Select-Access 'unit' $dn }
        catch { Add-Fault ('{0}: {1}' -f $dn, (Format-Reason $_)) }
    }
}

Register-Area 'directory-access' {
    $domain = (Read-RootDse)['defaultNamingContext']
    Select-Access 'domain' $domain
    Select-Access 'adminSDHolder' "CN=AdminSDHolder,CN=System,$domain"
    $folder = "OU=Microsoft Exchange Security Groups,$domain"
    if ($null -eq (Find-Entry $folder @('name'))) { Add-Fault "${folder}: not in this domain"; return }
    foreach ($group in Find-Entries $folder '(objectClass=group)' @('name', 'distinguishedName')) {
        $dn = [string](Read-First $group 'distinguishedName')
        try { Select-Access ([string](Read-First $group 'name')) $dn }
        catch { Add-Fault ('{0}: {1}' -f $dn, (Format-Reason $_)) }
    }
    try { Select-HolderAccess $domain $folder }
    catch { Add-Fault ('access to members of groups: {0}' -f (Format-Reason $_)) }
}
