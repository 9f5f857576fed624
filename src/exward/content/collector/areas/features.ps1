# Installed Windows features. Checks T8, L5, L10.

Register-Area 'features' {
    foreach ($feature in @(Get-WindowsFeature | Where-Object { $_.Installed })) {
        [ordered]@{ Name = [string]$feature.Name; Installed = $true }
    }
}
