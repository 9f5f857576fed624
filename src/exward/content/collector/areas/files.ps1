# Named program files with version and signature. Checks V1, V12, W11, W12, M6.

function Select-Program {
    param([string]$Path)
    $row = [ordered]@{ Path = $Path; Exists = [System.IO.File]::Exists($Path) }
    if (-not $row.Exists) { return $row }
    $file = New-Object System.IO.FileInfo($Path)
    $version = [System.Diagnostics.FileVersionInfo]::GetVersionInfo($Path)
    $row['FileVersion'] = '{0}.{1}.{2}.{3}' -f $version.FileMajorPart, $version.FileMinorPart, $version.FileBuildPart, $version.FilePrivatePart
    $row['ProductVersion'] = [string]$version.ProductVersion
    $row['Bytes'] = $file.Length
    $row['Modified'] = Format-Time $file.LastWriteTimeUtc
    $row['Sha256'] = Read-Digest $Path
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $row['Signature'] = [string]$signature.Status
    if ($null -ne $signature.SignerCertificate) { $row['Signer'] = $signature.SignerCertificate.Subject }
    return $row
}

function Find-AgentAssemblies {
    # Assemblies that the transport services load.
    foreach ($name in 'agents.config', 'fetagents.config') {
        $path = Join-Exchange "TransportRoles\Shared\$name"
        if (-not $path -or -not [System.IO.File]::Exists($path)) { continue }
        try {
            $document = New-Object System.Xml.XmlDocument
            $document.XmlResolver = $null
            $document.Load($path)
            foreach ($node in $document.SelectNodes('//@assemblyPath')) { $node.Value }
        }
        catch { Add-Fault ('{0}: {1}' -f $path, (Format-Reason $_)) }
    }
}

function Find-Programs {
    if ($ExchangePath) { Join-Exchange 'Bin\ExSetup.exe' }
    foreach ($name in 'inetsrv\cachtokn.dll', 'inetsrv\iiscore.dll', 'inetsrv\w3wp.exe', 'msvcr110.dll', 'msvcr120.dll') {
        Join-Path $SystemFolder $name
    }
    foreach ($name in 'System.Data.dll', 'System.Configuration.dll') {
        Join-Path $WindowsFolder "Microsoft.NET\Framework64\v4.0.30319\$name"
        Join-Path $WindowsFolder "Microsoft.NET\Framework64\v2.0.50727\$name"
    }
    try { Find-IisValues '//globalModules/add/@image' }
    catch { Add-Fault ('applicationHost.config: ' + (Format-Reason $_)) }
    Find-AgentAssemblies
}

Register-Area 'files' {
    foreach ($path in @(Find-Programs | Where-Object { $_ } | Sort-Object -Unique)) {
        try { Select-Program $path }
        catch { Add-Fault ('{0}: {1}' -f $path, (Format-Reason $_)) }
    }
}
