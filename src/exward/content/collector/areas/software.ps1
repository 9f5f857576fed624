# Installed programs. Check L10.

Register-Area 'software' {
    $places = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
    foreach ($place in $places) {
        $key = Open-Key $place
        if ($null -eq $key) { continue }
        foreach ($name in $key.GetSubKeyNames()) {
            $program = $key.OpenSubKey($name, $false)
            if ($null -eq $program) { continue }
            $title = [string]$program.GetValue('DisplayName')
            if ($title) {
                [ordered]@{
                    Name = $title; Version = [string]$program.GetValue('DisplayVersion')
                    Publisher = [string]$program.GetValue('Publisher'); Installed = [string]$program.GetValue('InstallDate')
                }
            }
            $program.Dispose()
        }
        $key.Dispose()
    }
}
