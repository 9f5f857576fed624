# What will be copied, before anything is: files by area, newest first, up to -MaxSizeMB.

$BytesPlanned = [long]0
$BytesLargestLog = [long]0
$BytesDone = [long]0
$Clock = [Diagnostics.Stopwatch]::StartNew()
$Shown = [long]-1000
$Doing = ''

function Show-Bytes {
    # Progress, at most twice a second.
    param([long]$Count)
    $script:BytesDone += $Count
    if ($Clock.ElapsedMilliseconds - $script:Shown -lt 500) { return }
    $script:Shown = $Clock.ElapsedMilliseconds
    $percent = 0
    if ($BytesPlanned -gt 0) { $percent = [int][Math]::Min(100, 100 * $BytesDone / $BytesPlanned) }
    $status = '{0:N0} of about {1:N0} MB' -f ($BytesDone / 1mb), ($BytesPlanned / 1mb)
    Write-Progress -Activity "exward: $Doing" -Status $status -PercentComplete $percent
}

function Find-Plan {
    # The files of an area, newest first. A body that fails is named in the manifest.
    param($Area)
    try {
        $rows = @(Read-Rows $Area | Where-Object { $null -ne $_ })
        foreach ($fault in $Faults) { Add-NotCollected "files/$($Area.Name)" $fault }
        $newest = @($rows | Sort-Object -Property LastWriteTimeUtc -Descending)
        foreach ($file in $newest) { @{ File = $file; Bytes = [long]$file.Length } }
    }
    catch { Add-NotCollected "files/$($Area.Name)" (Format-Reason $_) }
}

function Find-Logs {
    # The event logs of an area that exist on this server.
    param($Area)
    try {
        foreach ($name in @(Read-Rows $Area)) { @{ Log = $name; Bytes = (Read-EventBytes $name) } }
    }
    catch { Add-NotCollected "files/$($Area.Name)" (Format-Reason $_) }
}

function Read-EventBytes {
    # An exported log is at most about as large as the log.
    param([string]$Name)
    $path = Join-Path $SystemFolder ('winevt\Logs\' + $Name.Replace('/', '%4') + '.evtx')
    try { return [long](New-Object System.IO.FileInfo($path)).Length } catch { return [long]0 }
}

function Measure-Plan {
    # Cuts the plan to the size that is allowed; what is left out is named.
    param($Plan)
    [long]$left = $MaxSizeMB * 1mb
    foreach ($part in $Plan) {
        $kept = New-Object 'System.Collections.Generic.List[object]'
        [long]$bytes = 0
        [long]$lost = 0
        foreach ($item in $part.Items) {
            if ($item.Bytes -gt $left) { $lost += 1; continue }
            $left -= $item.Bytes
            $bytes += $item.Bytes
            $kept.Add($item)
            if ($item.ContainsKey('Log')) { $script:BytesLargestLog = [Math]::Max($BytesLargestLog, $item.Bytes) }
        }
        if ($lost -gt 0) { Add-NotCollected "files/$($part.Area.Name)" "$lost files left out: more than -MaxSizeMB $MaxSizeMB" }
        $part.Items = $kept
        $part.Bytes = $bytes
        $script:BytesPlanned += $bytes
        Write-Host ('  {0,-20} {1,7:N0} files {2,10:N1} MB' -f $part.Area.Name, $kept.Count, ($bytes / 1mb))
    }
}

function New-Plan {
    # One part for each wanted area of files or event logs.
    foreach ($area in ($Areas | Where-Object { $_.ContainsKey('Rank') } | Sort-Object { $_.Rank })) {
        if (-not (Test-Wanted $area)) { continue }
        Write-Progress -Activity 'exward: looking for files' -Status $area.Name
        if ($area.Kind -eq 'events') { $items = @(Find-Logs $area) } else { $items = @(Find-Plan $area) }
        @{ Area = $area; Items = $items; Bytes = [long]0 }
    }
}
