# Updates of Windows. Check V11.

Register-Area 'hotfixes' {
    foreach ($fix in @(Get-HotFix)) {
        # The date is a day without a zone, and no date at all on some systems.
        $day = $null
        try { $day = ([datetime]$fix.InstalledOn).ToString("yyyy-MM-dd'T00:00:00Z'", $Invariant) } catch { $day = $null }
        [ordered]@{ Id = [string]$fix.HotFixID; Description = [string]$fix.Description; Installed = $day }
    }
}
