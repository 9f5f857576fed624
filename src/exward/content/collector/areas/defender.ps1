# Microsoft Defender: state and preferences. Checks A1 to A7.

function Select-Preference {
    # Lists stay lists, also the one of bytes; an empty one is null in PowerShell.
    param($Preference, [string[]]$Members)
    $row = Select-Plain $Preference $Members
    foreach ($name in 'ExclusionPath', 'ExclusionExtension', 'ExclusionProcess', 'ExclusionIpAddress', 'AttackSurfaceReductionRules_Ids') {
        $values = @(Read-Property $Preference $name | Where-Object { $_ } | ForEach-Object { [string]$_ })
        # Without elevation the list is replaced by a sentence.
        if ($values.Count -eq 1 -and $values[0] -like 'N/A:*') {
            Add-Fault "${name}: $($values[0])"
            $row[$name] = $null
        }
        else { $row[$name] = $values }
    }
    $actions = @(Read-Property $Preference 'AttackSurfaceReductionRules_Actions' | Where-Object { $null -ne $_ } | ForEach-Object { [int]$_ })
    $row['AttackSurfaceReductionRules_Actions'] = $actions
    return $row
}

Register-Area 'defender' -Single {
    $status = @('AMServiceEnabled', 'AMRunningMode', 'AntivirusEnabled', 'RealTimeProtectionEnabled',
        'BehaviorMonitorEnabled', 'IoavProtectionEnabled', 'IsTamperProtected', 'AntivirusSignatureAge',
        'AntivirusSignatureLastUpdated', 'AMEngineVersion', 'AMProductVersion')
    $preference = @('DisableRealtimeMonitoring', 'DisableScriptScanning', 'DisableBehaviorMonitoring',
        'DisableIOAVProtection', 'MAPSReporting', 'SubmitSamplesConsent')
    [ordered]@{
        Status = Select-Plain (Get-MpComputerStatus) $status
        Preference = Select-Preference (Get-MpPreference) $preference
    }
}
