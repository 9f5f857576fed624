# Local accounts. Check R15.

Register-Area 'local-users' {
    foreach ($user in @(Get-LocalUser)) {
        [ordered]@{
            Name = [string]$user.Name; Sid = $user.SID.Value; Enabled = [bool]$user.Enabled
            PasswordLastSet = Format-Time $user.PasswordLastSet; LastLogon = Format-Time $user.LastLogon
        }
    }
}
