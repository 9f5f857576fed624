# Profiles of the Windows Firewall as they are in force. Check L9.

Register-Area 'firewall' {
    foreach ($one in @(Get-NetFirewallProfile -PolicyStore ActiveStore)) {
        [ordered]@{
            Name = [string]$one.Name; Enabled = ([string]$one.Enabled -eq 'True')
            DefaultInbound = [string]$one.DefaultInboundAction; DefaultOutbound = [string]$one.DefaultOutboundAction
        }
    }
}
