# Values as the collection's layout wants them: times in ISO 8601 UTC, the rest as plain JSON.

$Invariant = [System.Globalization.CultureInfo]::InvariantCulture

function Format-Time {
    # A time of any kind; one without a kind is taken for local time.
    param($Value)
    if ($null -eq $Value) { return $null }
    return ([datetime]$Value).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", $Invariant)
}

function Format-Reason {
    # One line from an error record.
    param($Record)
    $text = [string]$Record.Exception.GetBaseException().Message
    return ($text -replace '\s+', ' ').Trim()
}

function Read-Property {
    # The value of a member that need not exist.
    param($Object, [string]$Name)
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function ConvertTo-HexText {
    param([byte[]]$Bytes)
    return [System.BitConverter]::ToString($Bytes).Replace('-', '').ToLowerInvariant()
}

function ConvertTo-Plain {
    # Lists stay lists, numbers and truth values stay themselves, everything else becomes text.
    param($Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [string]) { return $Value.ToString() }
    if ($Value -is [bool] -or $Value -is [int] -or $Value -is [long] -or $Value -is [uint32]) { return $Value }
    if ($Value -is [uint64] -or $Value -is [double]) { return $Value }
    if ($Value -is [int16] -or $Value -is [uint16] -or $Value -is [byte]) { return [int]$Value }
    if ($Value -is [datetime]) { return Format-Time $Value }
    if ($Value -is [byte[]]) { return ConvertTo-HexText $Value }
    if ($Value -is [System.Collections.IEnumerable]) {
        $list = @(foreach ($item in $Value) { if ($null -ne $item) { [string]$item } })
        return , $list
    }
    return [string]$Value
}

function Select-Plain {
    # An object as a table of plain values: of the named members, or of all.
    param($Object, [string[]]$Members = @())
    $row = [ordered]@{}
    foreach ($property in $Object.PSObject.Properties) {
        $named = $Members.Count -eq 0 -or $Members -contains $property.Name
        if (-not $named -or $property.Name -match '^(PSComputerName|PSShowComputerName|RunspaceId|RawData|ObjectState)$') { continue }
        # Members of Exchange's objects compute their value when asked, and may fail.
        try { $row[$property.Name] = ConvertTo-Plain $property.Value }
        catch { Add-Fault ('{0}: {1}' -f $property.Name, (Format-Reason $_)) }
    }
    return $row
}

function Select-Name {
    # The name of an account from its SID; the SID where it has none.
    param([System.Security.Principal.SecurityIdentifier]$Sid)
    if (-not $script:AccountNames.ContainsKey($Sid.Value)) {
        try { $name = $Sid.Translate([System.Security.Principal.NTAccount]).Value }
        catch { $name = $Sid.Value }
        $script:AccountNames[$Sid.Value] = $name
    }
    return $script:AccountNames[$Sid.Value]
}
$AccountNames = @{}

function Split-List {
    # "a,b" arrives as one text if the script is started with -File.
    param([string[]]$Values)
    return @($Values | ForEach-Object { $_ -split ',' } | ForEach-Object { $_.Trim() } | Where-Object { $_ })
}
