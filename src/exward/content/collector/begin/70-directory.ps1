# Active Directory, read with the account that runs this script.

$RootDse = $null

function Read-RootDse {
    # Names of the partitions; throws outside of a domain.
    if ($null -eq $script:RootDse) {
        $entry = New-Object System.DirectoryServices.DirectoryEntry('LDAP://RootDSE')
        $facts = @{}
        $names = 'defaultNamingContext', 'configurationNamingContext', 'schemaNamingContext', 'domainFunctionality', 'forestFunctionality'
        foreach ($name in $names) { $facts[$name] = [string]$entry.psbase.Properties[$name].Value }
        if (-not $facts['defaultNamingContext']) { throw 'no domain controller answered' }
        $script:RootDse = $facts
    }
    return $script:RootDse
}

function Open-Entry {
    param([string]$Dn)
    return New-Object System.DirectoryServices.DirectoryEntry('LDAP://' + $Dn.Replace('/', '\/'))
}

function Find-Entries {
    # Search results (System.DirectoryServices.SearchResult), in pages.
    param([string]$Base, [string]$Filter, [string[]]$Attributes, [string]$Scope = 'Subtree')
    $searcher = New-Object System.DirectoryServices.DirectorySearcher(
        (Open-Entry $Base), $Filter, $Attributes, [System.DirectoryServices.SearchScope]$Scope)
    $searcher.PageSize = 500
    $searcher.ServerTimeLimit = New-TimeSpan -Minutes 5
    $results = $searcher.FindAll()
    try { foreach ($result in $results) { $result } }
    finally { $results.Dispose(); $searcher.Dispose() }
}

function Find-Entry {
    # One object by its name; null if there is none.
    param([string]$Dn, [string[]]$Attributes)
    try { return Find-Entries $Dn '(objectClass=*)' $Attributes 'Base' | Select-Object -First 1 }
    catch {
        # 0x80072030: there is no such object.
        if ((Read-Property ($_.Exception.GetBaseException()) 'ErrorCode') -ne -2147016656) { throw }
    }
}

function Read-First {
    # The first value of an attribute of a search result; null if it has none.
    param($Result, [string]$Attribute)
    if ($null -eq $Result -or -not $Result.Properties.Contains($Attribute)) { return $null }
    $values = $Result.Properties[$Attribute]
    if ($values.Count -eq 0) { return $null }
    return $values[0]
}

function Read-All {
    # All values of an attribute of a search result, as texts.
    param($Result, [string]$Attribute)
    if (-not $Result.Properties.Contains($Attribute)) { return }
    foreach ($value in $Result.Properties[$Attribute]) { [string]$value }
}

function Read-Sid {
    param($Result)
    $bytes = Read-First $Result 'objectSid'
    if ($null -eq $bytes) { return $null }
    return (New-Object System.Security.Principal.SecurityIdentifier([byte[]]$bytes, 0)).Value
}

function Format-FileTime {
    # A time of Active Directory (100 ns since 1601); null for never.
    param($Value)
    if ($null -eq $Value -or [long]$Value -le 0 -or [long]$Value -eq [long]::MaxValue) { return $null }
    return Format-Time ([datetime]::FromFileTimeUtc([long]$Value))
}

function Format-FilterValue {
    # RFC 4515, section 3.
    param([string]$Text)
    return $Text.Replace('\', '\5c').Replace('(', '\28').Replace(')', '\29').Replace('*', '\2a')
}

$AccountAttributes = @('name', 'distinguishedName', 'objectSid', 'objectClass', 'sAMAccountName',
    'userAccountControl', 'msExchMailboxGuid', 'pwdLastSet', 'lastLogonTimestamp', 'servicePrincipalName',
    'msDS-SupportedEncryptionTypes', 'msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity',
    'adminCount')

function Select-Account {
    # What is said of an account or group wherever it is a member.
    param($Result)
    $control = Read-First $Result 'userAccountControl'
    $enabled = $null
    $neverExpires = $null
    if ($null -ne $control) {
        # userAccountControl: 0x2 disabled, 0x10000 password never expires.
        $enabled = ([int]$control -band 0x2) -eq 0
        $neverExpires = ([int]$control -band 0x10000) -ne 0
    }
    $classes = $Result.Properties['objectClass']
    $actors = Read-First $Result 'msDS-AllowedToActOnBehalfOfOtherIdentity'
    if ($null -ne $actors) { $actors = ConvertTo-HexText $actors }
    return [ordered]@{
        Name = [string](Read-First $Result 'name')
        Sid = Read-Sid $Result
        Dn = [string](Read-First $Result 'distinguishedName')
        Class = [string]$classes[$classes.Count - 1]
        SamAccountName = [string](Read-First $Result 'sAMAccountName')
        Enabled = $enabled
        HasMailbox = ($null -ne (Read-First $Result 'msExchMailboxGuid'))
        PasswordLastSet = Format-FileTime (Read-First $Result 'pwdLastSet')
        PasswordNeverExpires = $neverExpires
        LastLogon = Format-FileTime (Read-First $Result 'lastLogonTimestamp')
        ServicePrincipalNames = @(Read-All $Result 'servicePrincipalName')
        UserAccountControl = $control
        AdminCount = Read-First $Result 'adminCount'
        SupportedEncryptionTypes = Read-First $Result 'msDS-SupportedEncryptionTypes'
        AllowedToDelegateTo = @(Read-All $Result 'msDS-AllowedToDelegateTo')
        AllowedToAct = $actors
    }
}
