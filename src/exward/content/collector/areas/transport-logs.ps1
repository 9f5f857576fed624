# Message tracking, SMTP, connectivity and agent logs; folders that were moved are known from the cmdlets.

function Find-TransportFolders {
    Join-Exchange 'TransportRoles\Logs'
    if (-not $ExchangeTools) { return }
    foreach ($cmdlet in 'Get-TransportService', 'Get-FrontendTransportService', 'Get-MailboxTransportService') {
        if (-not (Get-Command -Name $cmdlet -ErrorAction SilentlyContinue)) { continue }
        try {
            $service = & $cmdlet -Identity $env:COMPUTERNAME
            foreach ($property in $service.PSObject.Properties) {
                if ($property.Name -like '*LogPath' -and $property.Value) { [string]$property.Value }
            }
        }
        catch { Add-Fault ('{0}: {1}' -f $cmdlet, (Format-Reason $_)) }
    }
}

Register-Files 'transport-logs' -Rank 74 {
    $kept = @()
    foreach ($folder in @(Find-TransportFolders | Where-Object { $_ } | ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Property @('Length', { $_ }) -Unique)) {
        # One that lies in another is walked with it.
        $outer = @($kept | Where-Object { ($folder + '\').StartsWith($_ + '\', [StringComparison]::OrdinalIgnoreCase) })
        if ($outer.Count -gt 0) { continue }
        $kept += $folder
        Find-Recent $folder '*.log' 6
    }
}
