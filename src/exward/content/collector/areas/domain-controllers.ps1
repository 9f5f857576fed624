# Domain controllers. Only this server's own settings are read: asking the others would start their remote
# registry service. Run this script on a domain controller to have its values. Checks T10, T11.

Register-Area 'domain-controllers' {
    $domain = (Read-RootDse)['defaultNamingContext']
    # userAccountControl 0x2000: computer account of a domain controller.
    $filter = '(&(objectCategory=computer)(userAccountControl:1.2.840.113556.1.4.803:=8192))'
    foreach ($one in Find-Entries $domain $filter @('dNSHostName', 'name')) {
        $name = [string](Read-First $one 'dNSHostName')
        if (-not $name) { $name = [string](Read-First $one 'name') }
        $row = [ordered]@{ Name = $name; LdapSigning = $null; ChannelBinding = $null; LmCompatibilityLevel = $null }
        if ($name -eq $Server) {
            $row['LdapSigning'] = Read-Value 'SYSTEM\CurrentControlSet\Services\NTDS\Parameters' 'LDAPServerIntegrity'
            $row['ChannelBinding'] = Read-Value 'SYSTEM\CurrentControlSet\Services\NTDS\Parameters' 'LdapEnforceChannelBinding'
            $row['LmCompatibilityLevel'] = Read-Value 'SYSTEM\CurrentControlSet\Control\Lsa' 'LmCompatibilityLevel'
        }
        $row
    }
}
