# Logs of IIS and of http.sys, wherever they were moved to.

Register-Files 'iis-logs' -Rank 70 {
    foreach ($folder in @(Find-IisLogFolders)) { Find-Recent $folder '*.log' 3 }
    Find-Recent (Join-Path $SystemFolder 'LogFiles\HTTPERR') '*.log' 0
}
