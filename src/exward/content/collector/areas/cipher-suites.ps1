# Cipher suites in their order. Check T7.

Register-Area 'cipher-suites' {
    foreach ($suite in @(Get-TlsCipherSuite)) { [ordered]@{ Name = [string]$suite.Name } }
}
