# Who may write to web roots, to Exchange's folders and to Pickup and Replay. Checks M10, L3, L12.

function Select-FolderAudit {
    # What Windows audits there; null without the right to manage the Security log.
    param([string]$Path)
    try {
        $rules = Get-Acl -LiteralPath $Path -Audit
        $audit = @(foreach ($rule in $rules.GetAuditRules($true, $true, [System.Security.Principal.SecurityIdentifier])) {
                [ordered]@{
                    Account = Select-Name $rule.IdentityReference; Sid = $rule.IdentityReference.Value
                    Rights = [string]$rule.FileSystemRights; Flags = [string]$rule.AuditFlags
                }
            })
        return , $audit
    }
    catch { Add-Fault ('{0}: audit rules: {1}' -f $Path, (Format-Reason $_)); return $null }
}

function Select-FolderAccess {
    param([string]$Path)
    $rules = Get-Acl -LiteralPath $Path
    $access = foreach ($rule in $rules.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])) {
        [ordered]@{
            Account = Select-Name $rule.IdentityReference; Sid = $rule.IdentityReference.Value
            Rights = [string]$rule.FileSystemRights; Type = [string]$rule.AccessControlType; Inherited = $rule.IsInherited
        }
    }
    return [ordered]@{ Path = $Path; Owner = [string]$rules.Owner; Access = @($access); Audit = Select-FolderAudit $Path }
}

Register-Area 'folders' {
    $folders = @(Find-WebRoots)
    foreach ($name in 'TransportRoles\Pickup', 'TransportRoles\Replay', 'TransportRoles\agents', 'Logging', 'Bin', '') {
        $path = Join-Exchange $name
        if ($path) { $folders += $path.TrimEnd('\') }
    }
    foreach ($path in @($folders | Sort-Object -Unique)) {
        if (-not [System.IO.Directory]::Exists($path)) { continue }
        try { Select-FolderAccess $path }
        catch { Add-Fault ('{0}: {1}' -f $path, (Format-Reason $_)) }
    }
}
