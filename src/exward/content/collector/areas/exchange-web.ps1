# Virtual directories and access from outside. Checks W1 to W3, W13 to W17, W22 to W24, T17.

Register-Cmdlet 'exchange-web' 'Get-OwaVirtualDirectory' { Get-OwaVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-EcpVirtualDirectory' { Get-EcpVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-WebServicesVirtualDirectory' { Get-WebServicesVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-ActiveSyncVirtualDirectory' { Get-ActiveSyncVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-OabVirtualDirectory' { Get-OabVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-MapiVirtualDirectory' { Get-MapiVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-PowerShellVirtualDirectory' { Get-PowerShellVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-AutodiscoverVirtualDirectory' { Get-AutodiscoverVirtualDirectory -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-OutlookAnywhere' { Get-OutlookAnywhere -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-RpcClientAccess' { Get-RpcClientAccess }
Register-Cmdlet 'exchange-web' 'Get-PopSettings' { Get-PopSettings -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-ImapSettings' { Get-ImapSettings -Server $env:COMPUTERNAME }
Register-Cmdlet 'exchange-web' 'Get-ClientAccessRule' { Get-ClientAccessRule }
Register-Cmdlet 'exchange-web' 'Get-OwaMailboxPolicy' { Get-OwaMailboxPolicy }
