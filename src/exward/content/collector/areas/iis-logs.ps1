# Logs of IIS and of http.sys, wherever they were moved to.

Register-Files 'iis-logs' -Rank 70 {
    $folders = @((Join-Path $SystemDrive 'inetpub\logs\LogFiles'))
    try { $folders += @(Find-IisValues '//logFile/@directory') }
    catch { Add-Fault ('applicationHost.config: ' + (Format-Reason $_)) }
    foreach ($folder in @($folders | ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Unique)) { Find-Recent $folder '*.log' 3 }
    Find-Recent (Join-Path $SystemFolder 'LogFiles\HTTPERR') '*.log' 0
}
