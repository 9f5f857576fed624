# Microsoft Defender: state and preferences. Checks A1 to A7.

Register-Area 'defender' -Single {
    $status = @('AMServiceEnabled', 'AMRunningMode', 'AntivirusEnabled', 'RealTimeProtectionEnabled',
        'BehaviorMonitorEnabled', 'IoavProtectionEnabled', 'IsTamperProtected', 'AntivirusSignatureAge',
        'AntivirusSignatureLastUpdated', 'AMEngineVersion', 'AMProductVersion')
    $preference = @('ExclusionPath', 'ExclusionExtension', 'ExclusionProcess', 'ExclusionIpAddress',
        'DisableRealtimeMonitoring', 'DisableScriptScanning', 'DisableBehaviorMonitoring', 'DisableIOAVProtection',
        'MAPSReporting', 'SubmitSamplesConsent', 'AttackSurfaceReductionRules_Ids', 'AttackSurfaceReductionRules_Actions')
    [ordered]@{
        Status = Select-Plain (Get-MpComputerStatus) $status
        Preference = Select-Plain (Get-MpPreference) $preference
    }
}
