# Servers, organisation and its security switches. Checks V1 to V3, V7, V13, W3 to W10, W28, T13, R12 to R14.

Register-Cmdlet 'exchange-organization' 'Get-ExchangeServer' { Get-ExchangeServer }
Register-Cmdlet 'exchange-organization' 'Get-OrganizationConfig' { Get-OrganizationConfig }
Register-Cmdlet 'exchange-organization' 'Get-SettingOverride' { Get-SettingOverride }
Register-Cmdlet 'exchange-organization' 'Get-AuthConfig' { Get-AuthConfig }
Register-Cmdlet 'exchange-organization' 'Get-AuthServer' { Get-AuthServer }
Register-Cmdlet 'exchange-organization' 'Get-PartnerApplication' { Get-PartnerApplication }
Register-Cmdlet 'exchange-organization' 'Get-HybridConfiguration' { Get-HybridConfiguration }
Register-Cmdlet 'exchange-organization' 'Get-MailboxDatabase' { Get-MailboxDatabase }
Register-Cmdlet 'exchange-organization' 'Get-ServerComponentState' { Get-ServerComponentState -Identity $env:COMPUTERNAME }
Register-Cmdlet 'exchange-organization' 'Get-ExchangeCertificate' { Get-ExchangeCertificate -Server $env:COMPUTERNAME } -Members @(
    'Thumbprint', 'Subject', 'Issuer', 'CertificateDomains', 'Services', 'NotBefore', 'NotAfter', 'Status',
    'IsSelfSigned', 'PrivateKeyExportable', 'PublicKeySize', 'HasPrivateKey', 'RootCAType')
