# The Exchange cmdlets: of the management shell that runs this script, or of the server's own snap-in.

$ExchangeTools = $false
$ExchangeToolsWhy = 'Exchange is not installed here'

function Open-ExchangeTools {
    if (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue) {
        $script:ExchangeTools = $true
        return
    }
    if (-not $ExchangePath) { return }
    # Names: 2013 and newer; 2010 and the Edge role.
    foreach ($name in 'Microsoft.Exchange.Management.PowerShell.SnapIn', 'Microsoft.Exchange.Management.PowerShell.E2010') {
        if ($ExchangeTools) { continue }
        try {
            Add-PSSnapin -Name $name
            $script:ExchangeTools = $true
        }
        catch {
            $script:ExchangeToolsWhy = 'start this script in the Exchange Management Shell (' + (Format-Reason $_) + ')'
        }
    }
}
