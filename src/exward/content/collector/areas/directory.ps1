# The directory's preparation for Exchange, and facts about the domain. Checks V4 to V6, R4, R15, R16.

Register-Area 'directory' -Single {
    $root = Read-RootDse
    $domain = $root['defaultNamingContext']
    $schema = $root['schemaNamingContext']
    $version = Find-Entry "CN=ms-Exch-Schema-Version-Pt,$schema" @('rangeUpper')
    $storage = Find-Entry "CN=ms-Exch-Storage-Group,$schema" @('possSuperiors')
    $services = "CN=Microsoft Exchange,CN=Services,$($root['configurationNamingContext'])"
    $organization = $null
    if ($null -ne (Find-Entry $services @('name'))) {
        $organization = Find-Entries $services '(objectClass=msExchOrganizationContainer)' @('name', 'objectVersion') 'OneLevel' |
            Select-Object -First 1
    }
    $objects = Find-Entry "CN=Microsoft Exchange System Objects,$domain" @('objectVersion')
    $head = Find-Entry $domain @('ms-DS-MachineAccountQuota')
    $krbtgt = Find-Entries $domain '(&(objectClass=user)(sAMAccountName=krbtgt))' @('pwdLastSet') | Select-Object -First 1
    $superiors = $null
    if ($null -ne $storage) { $superiors = @(Read-All $storage 'possSuperiors') }
    [ordered]@{
        SchemaVersion = Read-First $version 'rangeUpper'
        OrganizationVersion = Read-First $organization 'objectVersion'
        DomainVersion = Read-First $objects 'objectVersion'
        StorageGroupSuperiors = $superiors
        MachineAccountQuota = Read-First $head 'ms-DS-MachineAccountQuota'
        ForestFunctionalLevel = [int]$root['forestFunctionality']
        DomainFunctionalLevel = [int]$root['domainFunctionality']
        OrganizationName = Read-First $organization 'name'
        KrbtgtPasswordSet = Format-FileTime (Read-First $krbtgt 'pwdLastSet')
        SplitPermissions = ($null -ne (Find-Entry "OU=Microsoft Exchange Protected Groups,$domain" @('name')))
    }
}
