# Who may open or send as which mailbox, and rules that forward. Takes long: a second or so for each mailbox,
# so it is left out unless asked for (-Also mailbox-rights). Checks R8, M5.

Register-Cmdlet 'mailbox-rights' 'Get-MailboxPermission' -OnRequest {
    Get-Mailbox -ResultSize Unlimited | Get-MailboxPermission |
        Where-Object { -not [bool]$_.IsInherited -and [string]$_.User -ne 'NT AUTHORITY\SELF' }
} -Members @('Identity', 'User', 'AccessRights', 'IsInherited', 'Deny', 'InheritanceType')
Register-Cmdlet 'mailbox-rights' 'Get-InboxRule' -OnRequest {
    foreach ($mailbox in Get-Mailbox -ResultSize Unlimited) {
        try {
            Get-InboxRule -Mailbox ([string]$mailbox.DistinguishedName) |
                Where-Object { $_.ForwardTo -or $_.ForwardAsAttachmentTo -or $_.RedirectTo -or $_.DeleteMessage }
        }
        catch { Add-Fault ('{0}: {1}' -f $mailbox.Name, (Format-Reason $_)) }
    }
} -Members @('MailboxOwnerId', 'Name', 'Enabled', 'ForwardTo', 'ForwardAsAttachmentTo', 'RedirectTo', 'DeleteMessage', 'Description')
