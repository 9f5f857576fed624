# Configuration of IIS and of its sites, with the history that IIS keeps. Checks W1, W11 to W13, W16, W18 to
# W21, W25, W27, W31, T16.

Register-Files 'iis-config' -Rank 20 {
    Find-Files (Join-Path $SystemFolder 'inetsrv\config') '*.config' 0
    Find-Files (Join-Path $SystemDrive 'inetpub\history') '*.config' 2 | Where-Object { $_.Name -eq 'applicationHost.config' }
    foreach ($root in @(Find-WebRoots)) { Find-Files $root 'web.config' }
}
