# What Windows audits. `auditpol /backup` has numbers where `/get /r` has words of the server's language;
# the file goes into the folder of the zip and away again. Check L3.

Register-Area 'audit-policy' {
    # Last column of the backup: 0 none, 1 success, 2 failure, 3 both.
    $words = 'No Auditing', 'Success', 'Failure', 'Success and Failure'
    $file = Join-Path $WorkFolder 'audit.csv'
    try {
        [void](Read-Native 'auditpol.exe' @('/backup', "/file:$file"))
        $lines = @([System.IO.File]::ReadAllLines($file))
    }
    finally { [System.IO.File]::Delete($file) }
    foreach ($line in ($lines | Select-Object -Skip 1)) {
        $cells = $line.Split(',')
        $setting = 0
        # Rows with another target are for single users, rows without a GUID are options.
        if ($cells.Count -lt 7 -or $cells[1] -like 'S-1-*' -or $cells[3] -notlike '{*}') { continue }
        if (-not [int]::TryParse($cells[6], [ref]$setting) -or $setting -gt 3) { continue }
        [ordered]@{ Subcategory = $cells[2]; Guid = $cells[3]; Setting = $words[$setting] }
    }
}
