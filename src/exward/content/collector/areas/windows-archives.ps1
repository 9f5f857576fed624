# Event logs that Windows archived when they were full (the layout calls them Archive-*.evtx).

Register-Files 'windows-archives' -Rank 80 {
    Find-Recent (Join-Path $SystemFolder 'winevt\Logs') 'Archive-*.evtx' 0
}
