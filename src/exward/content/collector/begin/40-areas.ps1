# What an area is. Each file of areas/ registers one: data for inventory/, Exchange cmdlets, or files to
# copy. Nothing of an area runs when it is registered; Read-Area runs it, and keeps its errors apart.

$Areas = New-Object 'System.Collections.Generic.List[object]'
$Faults = New-Object 'System.Collections.Generic.List[string]'

function Register-Area {
    # Body yields the rows of inventory/NAME.json; -Single: one object. It throws if it cannot know.
    param([string]$Name, [scriptblock]$Body, [switch]$Single)
    $Areas.Add(@{ Kind = 'inventory'; Area = $Name; Name = $Name; Body = $Body; Single = [bool]$Single; OnRequest = $false })
}

function Register-Cmdlet {
    # Body yields the objects of inventory/cmdlets/NAME.json; Members: only these of their members.
    param([string]$Area, [string]$Name, [scriptblock]$Body, [string[]]$Members = @(), [switch]$OnRequest)
    $Areas.Add(@{ Kind = 'cmdlet'; Area = $Area; Name = $Name; Body = $Body; Members = $Members; OnRequest = [bool]$OnRequest })
}

function Register-Files {
    # Body yields the files (System.IO.FileInfo) to copy. Lower ranks are copied first.
    param([string]$Name, [int]$Rank, [scriptblock]$Body)
    $Areas.Add(@{ Kind = 'files'; Area = $Name; Name = $Name; Rank = $Rank; Body = $Body; OnRequest = $false })
}

function Register-Events {
    # Body yields the names of event logs to export.
    param([string]$Name, [int]$Rank, [scriptblock]$Body)
    $Areas.Add(@{ Kind = 'events'; Area = $Name; Name = $Name; Rank = $Rank; Body = $Body; OnRequest = $false })
}

function Add-Fault {
    # Part of an area could not be read; the rest of it is kept.
    param([string]$Text)
    if ($Faults.Count -lt 200) { $Faults.Add($Text) }
    elseif ($Faults.Count -eq 200) { $Faults.Add('more that are not listed') }
}

function Test-Wanted {
    param($Area)
    if ($Exclude -contains $Area.Area) { return $false }
    if ($Include.Count -gt 0) { return $Include -contains $Area.Area }
    return (-not $Area.OnRequest) -or ($Also -contains $Area.Area)
}

function Read-Rows {
    # Runs a body; the faults of the area before are forgotten.
    param($Area)
    $Faults.Clear()
    return & $Area.Body
}

function Save-Rows {
    param($Area, [string]$Member, $Data)
    $record = [ordered]@{
        schema = 'exward.inventory/1'; area = $Area.Name; server = $Server
        collected = (Format-Time ([datetime]::UtcNow)); data = $Data
    }
    if ($Faults.Count -gt 0) { $record['errors'] = @($Faults.ToArray()) }
    Add-PackageJson $Member $record
}

function Read-Area {
    # An area that fails is not written: its reason stands in the manifest.
    param($Area)
    $member = 'inventory/' + $Area.Name + '.json'
    try {
        $rows = @(Read-Rows $Area)
        if ($Area.Single) { Save-Rows $Area $member $rows[0] }
        else { Save-Rows $Area $member $rows }
    }
    catch { Add-NotCollected $member (Format-Reason $_) }
}

function Read-Cmdlet {
    param($Area)
    $member = 'inventory/cmdlets/' + $Area.Name + '.json'
    try {
        if (-not $ExchangeTools) { throw "$($Area.Name) is not known here: $ExchangeToolsWhy" }
        if (-not (Get-Command -Name $Area.Name -ErrorAction SilentlyContinue)) {
            throw "$($Area.Name) is not known to the Exchange tools, or not allowed for this account"
        }
        $rows = @(Read-Rows $Area | ForEach-Object { Select-Plain $_ $Area.Members })
        Save-Rows $Area $member $rows
    }
    catch { Add-NotCollected $member (Format-Reason $_) }
}

function Read-Native {
    # Standard output of one of Windows' own programs, as lines.
    param([string]$Program, [string[]]$Arguments)
    $path = Join-Path $SystemFolder $Program
    if (-not [System.IO.File]::Exists($path)) { throw "$Program is not known here" }
    # What a program writes to standard error must not end the script.
    $ErrorActionPreference = 'Continue'
    $lines = @(& $path @Arguments 2>&1 | ForEach-Object { [string]$_ })
    if ($LASTEXITCODE -ne 0) { throw ('{0}: {1}' -f $Program, ($lines -join ' ').Trim()) }
    return $lines
}
