# Listening ports. Checks L9, L14.

Register-Area 'listeners' {
    foreach ($one in @(Get-NetTCPConnection -State Listen)) {
        [ordered]@{ Protocol = 'TCP'; Address = [string]$one.LocalAddress; Port = [int]$one.LocalPort; ProcessId = [int]$one.OwningProcess }
    }
    foreach ($one in @(Get-NetUDPEndpoint)) {
        [ordered]@{ Protocol = 'UDP'; Address = [string]$one.LocalAddress; Port = [int]$one.LocalPort; ProcessId = [int]$one.OwningProcess }
    }
}
