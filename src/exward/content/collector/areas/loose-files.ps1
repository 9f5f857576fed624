# Private keys, scripts and programs where none should lie. Checks T15, W26, L16.

function Find-LooseFiles {
    $staged = '\.(exe|dll|sys|ps1|psm1|bat|cmd|vbs|js|hta|aspx|ashx|asmx|asp|dmp|zip|7z|rar|pst|pfx|p12|ntds|dit)$'
    foreach ($place in Find-StagingFolders) {
        Find-Files $place[0] '*' $place[1] | Where-Object { $_.Name -match $staged }
    }
    $users = Join-Path $SystemDrive 'Users'
    Find-Files $users '*' 4 | Where-Object { $_.Name -match '\.(pfx|p12|pst)$' }
}

Register-Area 'loose-files' {
    foreach ($file in Find-LooseFiles) {
        $digest = $null
        # Large ones are named and not hashed: mail archives may have many gigabytes.
        if ($file.Length -le 256mb) { $digest = Read-Digest $file.FullName }
        [ordered]@{ Path = $file.FullName; Bytes = $file.Length; Modified = Format-Time $file.LastWriteTimeUtc; Sha256 = $digest }
    }
}
