# Run keys and startup folders. Check L16.

function Select-RunKey {
    param([string]$Hive, [string]$Path)
    $key = Open-Key $Path $Hive
    if ($null -eq $key) { return }
    try {
        foreach ($name in $key.GetValueNames()) {
            [ordered]@{ Place = "$Hive\$Path"; Name = $name; Command = [string]$key.GetValue($name) }
        }
    }
    finally { $key.Dispose() }
}

Register-Area 'startup' {
    $below = 'Microsoft\Windows\CurrentVersion'
    foreach ($name in 'Run', 'RunOnce', 'RunServices', 'Policies\Explorer\Run') {
        Select-RunKey 'LocalMachine' "SOFTWARE\$below\$name"
        Select-RunKey 'LocalMachine' "SOFTWARE\Wow6432Node\$below\$name"
    }
    foreach ($sid in [Microsoft.Win32.Registry]::Users.GetSubKeyNames()) {
        foreach ($name in 'Run', 'RunOnce') {
            try { Select-RunKey 'Users' "$sid\SOFTWARE\$below\$name" }
            catch { Add-Fault ('HKU\{0}: {1}' -f $sid, (Format-Reason $_)) }
        }
    }
    $folders = @([Environment]::GetFolderPath('CommonStartup'), [Environment]::GetFolderPath('Startup'))
    foreach ($folder in $folders) {
        foreach ($file in @(Find-Files $folder)) {
            [ordered]@{ Place = $folder; Name = $file.Name; Command = $file.FullName }
        }
    }
}
