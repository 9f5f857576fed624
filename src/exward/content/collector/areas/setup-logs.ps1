# Logs of Exchange's setup and of its updates: the history of versions.

Register-Files 'setup-logs' -Rank 34 {
    Find-Files (Join-Path $SystemDrive 'ExchangeSetupLogs') '*.log' 1 | Where-Object { $_.Length -le 64mb }
}
