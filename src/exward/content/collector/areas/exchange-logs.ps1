# Exchange's protocol, cmdlet and audit logs below Logging. Left out: performance data, which is large and
# tells nothing of an intrusion.

Register-Files 'exchange-logs' -Rank 72 {
    $names = 'HttpProxy', 'HttpRequestFiltering', 'ECP', 'OABGeneratorLog', 'OABGeneratorSimpleLog', 'Ews', 'Autodiscover', 'OWA',
    'MapiHttp', 'MAPI Client Access', 'MAPI AddressBook Service', 'RPC Client Access', 'RpcHttp', 'CmdletInfra', 'LocalQueue',
    'CosmosQueue', 'MitigationService', 'Imap4', 'Pop3', 'Eas', 'Rest', 'OAuth'
    foreach ($name in $names) { Find-Recent (Join-Exchange "Logging\$name") '*.log' 6 }
}
