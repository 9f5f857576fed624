# Where the clock is set from. Check L15.

Register-Area 'time' -Single {
    $source = ''
    try { $source = (@(Read-Native 'w32tm.exe' @('/query', '/source')) -join ' ').Trim() }
    catch { Add-Fault ('w32tm: ' + (Format-Reason $_)) }
    [ordered]@{ Source = $source; Type = [string](Read-Value 'SYSTEM\CurrentControlSet\Services\W32Time\Parameters' 'Type') }
}
