# Mail flow. Checks T18, A5, M1 to M9.

function Test-AnonymousRight {
    # Whether ANONYMOUS LOGON (S-1-5-7) has an extended right; null if that cannot be read.
    param($Connector, [string]$Right)
    try {
        $anonymous = (New-Object System.Security.Principal.SecurityIdentifier('S-1-5-7')).Translate([System.Security.Principal.NTAccount]).Value
        $rights = @(Get-ADPermission -Identity ([string]$Connector.DistinguishedName) -User $anonymous |
                Where-Object { -not [bool]$_.Deny -and (@($_.ExtendedRights | ForEach-Object { [string]$_ }) -contains $Right) })
        return $rights.Count -gt 0
    }
    catch { Add-Fault ('{0}: {1}' -f $Connector.Name, (Format-Reason $_)); return $null }
}

Register-Cmdlet 'exchange-transport' 'Get-ReceiveConnector' {
    foreach ($connector in @(Get-ReceiveConnector)) {
        $row = Select-Plain $connector
        $row['AnonymousRelay'] = Test-AnonymousRight $connector 'ms-Exch-SMTP-Accept-Any-Recipient'
        $row['AnonymousOwnDomain'] = Test-AnonymousRight $connector 'ms-Exch-SMTP-Accept-Authoritative-Domain-Sender'
        [pscustomobject]$row
    }
}
Register-Cmdlet 'exchange-transport' 'Get-SendConnector' { Get-SendConnector }
Register-Cmdlet 'exchange-transport' 'Get-TransportConfig' { Get-TransportConfig }
Register-Cmdlet 'exchange-transport' 'Get-TransportService' { Get-TransportService }
Register-Cmdlet 'exchange-transport' 'Get-FrontendTransportService' { Get-FrontendTransportService }
Register-Cmdlet 'exchange-transport' 'Get-MailboxTransportService' { Get-MailboxTransportService }
Register-Cmdlet 'exchange-transport' 'Get-MailboxServer' { Get-MailboxServer }
Register-Cmdlet 'exchange-transport' 'Get-TransportAgent' { Get-TransportAgent }
Register-Cmdlet 'exchange-transport' 'Get-MalwareFilteringServer' { Get-MalwareFilteringServer }
Register-Cmdlet 'exchange-transport' 'Get-RemoteDomain' { Get-RemoteDomain }
Register-Cmdlet 'exchange-transport' 'Get-AcceptedDomain' { Get-AcceptedDomain }
Register-Cmdlet 'exchange-transport' 'Get-TransportRule' { Get-TransportRule }
Register-Cmdlet 'exchange-transport' 'Get-JournalRule' { Get-JournalRule }
