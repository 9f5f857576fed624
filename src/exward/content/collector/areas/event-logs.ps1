# Size and age of the event logs that matter. Checks L4, L6, L7.

Register-Area 'event-logs' {
    foreach ($name in @(Find-Channels)) {
        $log = $null
        try {
            $log = Get-WinEvent -ListLog $name
            $oldest = $null
            if ($log.RecordCount -gt 0) {
                $oldest = Format-Time (Get-WinEvent -LogName $name -MaxEvents 1 -Oldest).TimeCreated
            }
            [ordered]@{
                Name = $name; Enabled = [bool]$log.IsEnabled; MaximumBytes = [long]$log.MaximumSizeInBytes
                Mode = [string]$log.LogMode; Records = [long]$log.RecordCount; Oldest = $oldest
            }
        }
        catch { Add-Fault ('{0}: {1}' -f $name, (Format-Reason $_)) }
    }
}
