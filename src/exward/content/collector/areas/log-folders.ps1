# How far back the text logs go. Check L6.

Register-Area 'log-folders' {
    $folders = @(Find-IisLogFolders)
    if ($ExchangePath) { $folders += Join-Exchange 'Logging\HttpProxy' }
    foreach ($folder in $folders) {
        if (-not [System.IO.Directory]::Exists($folder)) { continue }
        $files = 0
        $bytes = [long]0
        $oldest = $null
        $newest = $null
        foreach ($file in Find-Files $folder '*.log' 3) {
            $files += 1
            $bytes += $file.Length
            if ($null -eq $oldest -or $file.LastWriteTimeUtc -lt $oldest) { $oldest = $file.LastWriteTimeUtc }
            if ($null -eq $newest -or $file.LastWriteTimeUtc -gt $newest) { $newest = $file.LastWriteTimeUtc }
        }
        [ordered]@{ Path = $folder; Files = $files; Bytes = $bytes; Oldest = Format-Time $oldest; Newest = Format-Time $newest }
    }
}
