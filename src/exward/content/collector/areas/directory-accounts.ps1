# Service accounts and protected accounts: those with a service principal name, managed ones, adminCount.
# Checks R1, R10, R15, and the normal use of service accounts.

Register-Area 'directory-accounts' {
    $domain = (Read-RootDse)['defaultNamingContext']
    $filter = '(|(&(objectCategory=person)(servicePrincipalName=*))(objectClass=msDS-GroupManagedServiceAccount)' +
        '(objectClass=msDS-ManagedServiceAccount)(&(objectCategory=person)(adminCount=1)))'
    $attributes = $AccountAttributes + @('adminCount', 'logonHours', 'userWorkstations', 'whenCreated')
    foreach ($account in Find-Entries $domain $filter $attributes) {
        $row = Select-Account $account
        $row['AdminCount'] = Read-First $account 'adminCount'
        $hours = Read-First $account 'logonHours'
        if ($null -ne $hours) { $row['LogonHours'] = ConvertTo-HexText $hours }
        $row['LogonWorkstations'] = Read-First $account 'userWorkstations'
        $created = Read-First $account 'whenCreated'
        if ($null -ne $created) { $row['Created'] = Format-Time ([datetime]::SpecifyKind($created, 'Utc')) }
        $row
    }
}
