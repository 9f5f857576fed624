# Results of Microsoft's HealthChecker, where an administrator left them.

Register-Files 'health-checker' -Rank 38 {
    foreach ($folder in @((Join-Exchange 'Scripts'), (Join-Path $SystemDrive 'Users'))) {
        Find-Files $folder 'HealthChecker-*.xml' 4 | Where-Object { $_.Length -le 64mb }
    }
}
