# Scripts and programs that appeared in staging folders inside of the window: evidence, never run.

Register-Files 'staged-files' -Rank 60 {
    $programs = '\.(exe|dll|sys|ps1|psm1|bat|cmd|vbs|js|hta|aspx|ashx|asmx|asp)$'
    foreach ($place in Find-StagingFolders) {
        Find-Recent $place[0] '*' $place[1] | Where-Object { $_.Name -match $programs -and $_.Length -le 16mb }
    }
}
