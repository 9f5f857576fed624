# Who may change the domain head, AdminSDHolder and Exchange's groups. Checks V5, R3, R5.

function Select-Access {
    param([string]$Object, [string]$Dn)
    $entry = Open-Entry $Dn
    $entry.psbase.Options.SecurityMasks = [System.DirectoryServices.SecurityMasks]'Owner, Dacl'
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
}
