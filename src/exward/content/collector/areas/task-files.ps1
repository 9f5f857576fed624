# The definitions of scheduled tasks: actions, authors and times.

Register-Files 'task-files' -Rank 32 {
    Find-Files (Join-Path $SystemFolder 'Tasks') | Where-Object { $_.Length -le 1mb }
}
