# The filtering engine of Exchange: overrides of its text extraction, age of its signatures.
# Checks W29, V12, A5.

function Read-OverrideLines {
    # Lines that end in the flag |NO switch a security fix off (ADV24199947).
    foreach ($file in @(Find-Files (Join-Exchange 'FIP-FS\Data') 'Configuration.xml' 2)) {
        $stream = Open-Shared $file.FullName
        $reader = New-Object System.IO.StreamReader($stream, $true)
        try {
            while ($null -ne ($line = $reader.ReadLine())) {
                if ($line.Trim() -match '\|NO(</[^>]*>)?$') { $line.Trim() }
            }
        }
        finally { $reader.Dispose() }
    }
}

function Read-Engine {
    # What the filtering service says of the engine; null where its snap-in is not to be had.
    try {
        Add-PSSnapin -Name 'Microsoft.Forefront.Filtering.Management.PowerShell'
        return Get-EngineUpdateInformation | Select-Object -First 1
    }
    catch { Add-Fault ('engine of the malware agent: ' + (Format-Reason $_)); return $null }
}

Register-Area 'fip-fs' -Single {
    $folder = Join-Exchange 'FIP-FS\Data'
    if (-not $folder -or -not [System.IO.Directory]::Exists($folder)) { throw 'there is no filtering engine here' }
    $engine = Read-Engine
    $updated = Read-Property $engine 'LastUpdated'
    if ($updated -is [datetime]) { $updated = Format-Time $updated }
    [ordered]@{
        OverrideLines = @(Read-OverrideLines)
        EngineUpdated = ConvertTo-Plain $updated
        SignatureVersion = ConvertTo-Plain (Read-Property $engine 'SignatureVersion')
    }
}
