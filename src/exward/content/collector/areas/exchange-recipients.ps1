# Mailboxes that forward or are not audited, users with remote PowerShell. Checks W16, M5, L2.

Register-Cmdlet 'exchange-recipients' 'Get-Mailbox' {
    Get-Mailbox -ResultSize Unlimited |
        Where-Object { $_.ForwardingSmtpAddress -or $_.ForwardingAddress -or -not $_.AuditEnabled }
} -Members @('Name', 'PrimarySmtpAddress', 'ForwardingSmtpAddress', 'ForwardingAddress', 'DeliverToMailboxAndForward', 'AuditEnabled')
Register-Cmdlet 'exchange-recipients' 'Get-User' {
    Get-User -ResultSize Unlimited -Filter 'RemotePowerShellEnabled -eq $true'
} -Members @('Name', 'SamAccountName', 'RemotePowerShellEnabled')
Register-Cmdlet 'exchange-recipients' 'Get-MailboxAuditBypassAssociation' {
    Get-MailboxAuditBypassAssociation -ResultSize Unlimited | Where-Object { $_.AuditBypassEnabled }
} -Members @('Name', 'AuditBypassEnabled')
