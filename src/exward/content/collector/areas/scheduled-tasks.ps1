# Scheduled tasks. Check L16.

function Format-TaskAction {
    param($Action)
    $program = [string](Read-Property $Action 'Execute')
    if (-not $program) { return 'COM ' + [string](Read-Property $Action 'ClassId') }
    return ($program + ' ' + [string](Read-Property $Action 'Arguments')).Trim()
}

Register-Area 'scheduled-tasks' {
    $folder = Join-Path $SystemFolder 'Tasks'
    foreach ($task in @(Get-ScheduledTask)) {
        $file = New-Object System.IO.FileInfo(($folder + $task.TaskPath + $task.TaskName))
        $modified = $null
        if ($file.Exists) { $modified = Format-Time $file.LastWriteTimeUtc }
        [ordered]@{
            Path = [string]$task.TaskPath; Name = [string]$task.TaskName; State = [string]$task.State
            Author = [string]$task.Author; RunAs = [string](Read-Property $task.Principal 'UserId')
            Actions = @($task.Actions | Where-Object { $null -ne $_ } | ForEach-Object { Format-TaskAction $_ })
            Modified = $modified
        }
    }
}
