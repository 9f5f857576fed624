# Copying, after the inventory was taken.

function Test-Room {
    # A full volume stops Exchange: leave a reserve.
    $free = Read-FreeBytes $OutputPath
    return ($null -eq $free) -or ($free -gt $ReserveBytes)
}

function Copy-Log {
    # An event log is open in the service: Windows itself exports the window of it.
    param([string]$Name)
    $file = Join-Path $WorkFolder ($Name.Replace('/', '%4') + '.evtx')
    $origin = Join-Path $SystemFolder ('winevt\Logs\' + $Name.Replace('/', '%4') + '.evtx')
    $since = $From.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", $Invariant)
    $query = "/q:*[System[TimeCreated[@SystemTime>='$since']]]"
    try {
        [void](Read-Native 'wevtutil.exe' @('epl', $Name, $file, $query))
        Add-PackageFile $file $origin ([datetime]::UtcNow)
    }
    catch { Add-NotCollected (Select-PackageName $origin) (Format-Reason $_) }
    finally { [System.IO.File]::Delete($file) }
}

function Copy-Plan {
    param($Plan)
    foreach ($part in $Plan) {
        $script:Doing = $part.Area.Name
        Write-Host ('  {0}' -f $part.Area.Name)
        [long]$lost = 0
        foreach ($item in $part.Items) {
            if (-not (Test-Room)) { $lost += 1; continue }
            if ($item.ContainsKey('Log')) { Copy-Log $item.Log }
            else { Add-PackageFile $item.File.FullName $item.File.FullName $item.File.LastWriteTimeUtc }
        }
        if ($lost -gt 0) { Add-NotCollected "files/$($part.Area.Name)" "$lost files left out: the volume of -OutputPath is nearly full" }
    }
}

function Read-Inventory {
    foreach ($area in ($Areas | Where-Object { -not $_.ContainsKey('Rank') })) {
        if (-not (Test-Wanted $area)) { continue }
        $script:Doing = $area.Name
        Write-Progress -Activity 'exward: inventory' -Status $area.Name
        if ($area.Kind -eq 'cmdlet') { Read-Cmdlet $area } else { Read-Area $area }
    }
}

function Save-Manifest {
    # Last, because it has the SHA-256 of everything before it.
    $manifest = [ordered]@{
        schema = 'exward.collection/1'; server = $Server; collector = $CollectorVersion
        started = (Format-Time $Started); finished = (Format-Time ([datetime]::UtcNow))
        window = [ordered]@{ from = (Format-Time $From); to = (Format-Time $Started) }
        elevated = $Elevated; exchange_tools = $ExchangeTools
        files = @($Packed.ToArray()); not_collected = @($NotCollected.ToArray())
    }
    Add-PackageJson 'manifest.json' $manifest
}
