# Shares and who may use them. Check L12.

Register-Area 'shares' {
    foreach ($share in @(Get-SmbShare)) {
        $access = @()
        try {
            $access = @(Get-SmbShareAccess -Name $share.Name | ForEach-Object {
                    [ordered]@{ Account = [string]$_.AccountName; Right = [string]$_.AccessRight; Type = [string]$_.AccessControlType }
                })
        }
        catch { Add-Fault ('{0}: {1}' -f $share.Name, (Format-Reason $_)) }
        [ordered]@{ Name = [string]$share.Name; Path = [string]$share.Path; Access = $access }
    }
}
