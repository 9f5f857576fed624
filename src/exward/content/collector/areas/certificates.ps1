# Certificates of the machine; no private key is read. Checks T12 to T15, W30.

function Test-Exportable {
    # Whether the private key may be exported; null if that cannot be told.
    param($Certificate)
    if (-not $Certificate.HasPrivateKey) { return $null }
    try { return [bool]$Certificate.PrivateKey.CspKeyContainerInfo.Exportable } catch { $legacy = $_ }
    try {
        $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
        # CngExportPolicies: AllowExport 1, AllowPlaintextExport 2.
        return ([int]$key.Key.ExportPolicy -band 3) -ne 0
    }
    catch { Add-Fault ('{0}: {1}' -f $Certificate.Thumbprint, (Format-Reason $legacy)); return $null }
}

function Select-Certificate {
    param([string]$Store, $Certificate)
    $bits = $null
    try { $bits = [int]$Certificate.PublicKey.Key.KeySize } catch { $bits = $null }
    return [ordered]@{
        Store = $Store; Thumbprint = $Certificate.Thumbprint; Subject = $Certificate.Subject; Issuer = $Certificate.Issuer
        NotBefore = Format-Time $Certificate.NotBefore; NotAfter = Format-Time $Certificate.NotAfter
        KeyAlgorithm = $Certificate.PublicKey.Oid.FriendlyName; KeyBits = $bits
        SignatureAlgorithm = $Certificate.SignatureAlgorithm.FriendlyName
        HasPrivateKey = $Certificate.HasPrivateKey; Exportable = Test-Exportable $Certificate
        SelfSigned = ($Certificate.Subject -eq $Certificate.Issuer)
    }
}

Register-Area 'certificates' {
    foreach ($name in 'My', 'Root') {
        $store = New-Object System.Security.Cryptography.X509Certificates.X509Store($name, 'LocalMachine')
        $store.Open([System.Security.Cryptography.X509Certificates.OpenFlags]'ReadOnly, OpenExistingOnly')
        try {
            foreach ($certificate in $store.Certificates) { Select-Certificate "LocalMachine\$name" $certificate }
        }
        finally { $store.Close() }
    }
}
