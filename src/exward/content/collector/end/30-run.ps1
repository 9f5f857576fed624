# The order of things.

$Include = @(Split-List $Include)
$Exclude = @(Split-List $Exclude)
$Also = @(Split-List $Also)
$known = @($Areas | ForEach-Object { $_.Area } | Sort-Object -Unique)
$strange = @(@($Include) + @($Exclude) + @($Also) | Where-Object { $known -notcontains $_ })
if ($strange.Count -gt 0) {
    throw ('There is no area ' + ($strange -join ', ') + '. Areas: ' + ($known -join ', '))
}

# The folder of the script unless another is named; of a relative one the full path.
if (-not $OutputPath) { $OutputPath = $PSScriptRoot }
$OutputPath = $PSCmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath)
if (-not [System.IO.Directory]::Exists($OutputPath)) { throw "There is no folder $OutputPath. Make it first." }

# Exchange comes first: this process gets what others leave.
$process = [Diagnostics.Process]::GetCurrentProcess()
try { $process.PriorityClass = [Diagnostics.ProcessPriorityClass]::BelowNormal }
catch { Write-Warning ('The priority could not be lowered: ' + (Format-Reason $_)) }

Write-Host "exward collector $CollectorVersion on $Server, logs since $(Format-Time $From)"
if (-not $Elevated) {
    Write-Warning 'Not started as administrator: the Security log, protected folders and most settings will be missing.'
    Add-NotCollected 'inventory' 'not started as administrator: what needs that is missing'
}
Open-ExchangeTools
if (-not $ExchangeTools) { Write-Warning "Without Exchange cmdlets: $ExchangeToolsWhy." }

Write-Host 'Files to copy:'
$plan = @(New-Plan)
Measure-Plan $plan
# Logs shrink to about a tenth; a fifth is assumed, so that it is rather less. An exported event log lies
# beside the zip until it is in it.
$expected = [long]($BytesPlanned / 5)
$needed = $expected + $BytesLargestLog + $ReserveBytes
$free = Read-FreeBytes $OutputPath
Write-Host ('  in all {0:N0} MB; the zip will have about {1:N0} MB' -f ($BytesPlanned / 1mb), ($expected / 1mb))
if ($null -ne $free) { Write-Host ('  free in {0}: {1:N0} MB' -f $OutputPath, ($free / 1mb)) }
if ($EstimateOnly) { return }
if ($null -ne $free -and $free -lt $needed) {
    throw 'Not enough free space there. Name another folder with -OutputPath, or take less: -Days, -MaxSizeMB, -Exclude.'
}

$stamp = $Started.ToString("yyyyMMdd'T'HHmmss'Z'", $Invariant)
$target = Join-Path $OutputPath ($Server + '-' + $stamp + '.zip')
$complete = $false
try {
    Open-Package $target
    Write-Host 'Inventory'
    Read-Inventory
    Write-Host 'Copying'
    Copy-Plan $plan
    Save-Manifest
    $complete = $true
}
finally { Close-Package $target $complete }

Write-Progress -Activity 'exward' -Completed
Write-Host ('{0:N0} files, {1:N0} could not be collected (see manifest.json in the zip):' -f $Packed.Count, $NotCollected.Count)
foreach ($item in ($NotCollected | Select-Object -First 20)) { Write-Host ('  {0}: {1}' -f $item.what, $item.why) }
Write-Host ''
Write-Host "Written: $target"
Write-Host "SHA-256: $(Read-Digest $target)"
Write-Host 'Next, on the machine with exward: exward scan, exward posture or exward access with this zip.'
