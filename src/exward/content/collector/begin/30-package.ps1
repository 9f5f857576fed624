# The zip file: members are written through streams, so memory does not grow with the evidence.

$Zip = $null
$ZipFile = $null
$WorkFolder = ''
$Packed = New-Object 'System.Collections.Generic.List[object]'
$PackedNames = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
$NotCollected = New-Object 'System.Collections.Generic.List[object]'
$Buffer = New-Object byte[] 1048576
$ReserveBytes = 2gb

function Add-NotCollected {
    param([string]$What, [string]$Why)
    $NotCollected.Add([ordered]@{ what = $What; why = $Why })
}

function Open-Shared {
    # Logs are open in other processes: share everything.
    param([string]$Path)
    $mode = [System.IO.FileMode]::Open
    $access = [System.IO.FileAccess]::Read
    $share = [System.IO.FileShare]'ReadWrite, Delete'
    try { return New-Object System.IO.FileStream($Path, $mode, $access, $share, 65536) }
    catch {
        if ($_.Exception.GetBaseException() -isnot [System.IO.PathTooLongException]) { throw }
    }
    return New-Object System.IO.FileStream(('\\?\' + $Path), $mode, $access, $share, 65536)
}

function New-Digest {
    # This implementation is allowed in FIPS mode, too.
    return New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
}

function Read-Digest {
    # SHA-256 of a file; null if it cannot be read.
    param([string]$Path)
    $stream = $null
    $digest = New-Digest
    try {
        $stream = Open-Shared $Path
        return ConvertTo-HexText ($digest.ComputeHash($stream))
    }
    catch { return $null }
    finally {
        if ($null -ne $stream) { $stream.Dispose() }
        $digest.Dispose()
    }
}

function Add-PackageStream {
    # Copies a stream into the zip. Returns why it broke off; '' if it did not.
    param([string]$Name, [System.IO.Stream]$Source, [System.Collections.IDictionary]$Facts, $Modified = $null)
    $entry = $Zip.CreateEntry($Name, [System.IO.Compression.CompressionLevel]::Fastest)
    # The times of a zip have no zone: UTC, and no year before 1980.
    if ($null -eq $Modified -or $Modified.Year -lt 1980 -or $Modified.Year -gt 2100) { $Modified = [datetime]::UtcNow }
    $entry.LastWriteTime = New-Object System.DateTimeOffset([datetime]::SpecifyKind($Modified, 'Unspecified'), [timespan]::Zero)
    $digest = New-Digest
    $target = $entry.Open()
    [long]$written = 0
    # A log that is being written grows: take what was there at the beginning.
    [long]$left = $Source.Length
    $failure = ''
    try {
        while ($left -gt 0) {
            $count = $Source.Read($Buffer, 0, [int][Math]::Min($left, $Buffer.Length))
            if ($count -le 0) { break }
            $target.Write($Buffer, 0, $count)
            [void]$digest.TransformBlock($Buffer, 0, $count, $null, 0)
            $written += $count
            $left -= $count
            Show-Bytes $count
        }
    }
    catch { $failure = Format-Reason $_ }
    finally { $target.Dispose() }
    [void]$digest.TransformFinalBlock($Buffer, 0, 0)
    $member = [ordered]@{ path = $Name; bytes = $written; sha256 = (ConvertTo-HexText $digest.Hash) }
    foreach ($key in $Facts.Keys) { $member[$key] = $Facts[$key] }
    $digest.Dispose()
    $Packed.Add($member)
    return $failure
}

function Add-PackageJson {
    param([string]$Name, $Value)
    $text = ConvertTo-Json -InputObject $Value -Depth 8 -Compress
    $bytes = (New-Object System.Text.UTF8Encoding($false)).GetBytes($text)
    $stream = New-Object System.IO.MemoryStream(, $bytes)
    try {
        $failure = Add-PackageStream $Name $stream @{}
        if ($failure) { throw $failure }
    }
    finally { $stream.Dispose() }
}

function Select-PackageName {
    # files/C/Windows/... for C:\Windows\...; '' for what has no drive.
    param([string]$Path)
    $plain = $Path -replace '^\\\\\?\\', ''
    if ($plain -notmatch '^[A-Za-z]:\\') { return '' }
    $parts = @($plain.Substring(3).Split('\') | ForEach-Object {
            # Names that unpacking tools refuse or take for something else.
            $part = $_ -replace '[\x00-\x1f<>:"|?*]', '_'
            if ($part -match '[. ]$') { $part += '_' }
            $part
        })
    return 'files/' + $plain.Substring(0, 1).ToUpperInvariant() + '/' + ($parts -join '/')
}

function Add-PackageFile {
    # Copies one file; Origin is where it lies on this server, if Path is only a copy of it.
    param([string]$Path, [string]$Origin = $Path, $Modified = $null)
    $name = Select-PackageName $Origin
    if (-not $name) { Add-NotCollected "files/$Origin" 'not on a drive of this server'; return }
    if (-not $PackedNames.Add($name)) { return }
    $stream = $null
    try {
        $stream = Open-Shared $Path
        $facts = [ordered]@{ origin = $Origin; modified = (Format-Time $Modified) }
        $failure = Add-PackageStream $name $stream $facts $Modified
        if ($failure) { Add-NotCollected $name "cut off: $failure" }
    }
    catch { Add-NotCollected $name (Format-Reason $_) }
    finally { if ($null -ne $stream) { $stream.Dispose() } }
}

function Read-FreeBytes {
    # Free space of the volume that holds the folder; null for a share.
    param([string]$Folder)
    try { return (New-Object System.IO.DriveInfo([System.IO.Path]::GetPathRoot($Folder))).AvailableFreeSpace }
    catch { return $null }
}

function Open-Package {
    # The zip has another name until it is complete.
    param([string]$Target)
    Add-Type -AssemblyName System.IO.Compression
    $script:ZipFile = New-Object System.IO.FileStream(
        ($Target + '.part'), [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::ReadWrite)
    $script:Zip = New-Object System.IO.Compression.ZipArchive(
        $ZipFile, [System.IO.Compression.ZipArchiveMode]::Create, $true)
    $script:WorkFolder = $Target + '.tmp'
    [void][System.IO.Directory]::CreateDirectory($WorkFolder)
}

function Close-Package {
    param([string]$Target, [bool]$Complete)
    try { if ($null -ne $Zip) { $Zip.Dispose() } }
    catch {
        $Complete = $false
        Write-Warning ('The zip could not be finished: ' + (Format-Reason $_))
    }
    if ($null -ne $ZipFile) { $ZipFile.Dispose() }
    if ($WorkFolder -and [System.IO.Directory]::Exists($WorkFolder)) {
        [System.IO.Directory]::Delete($WorkFolder, $true)
    }
    if ($Complete) { [System.IO.File]::Move(($Target + '.part'), $Target) }
    elseif ($null -ne $ZipFile) { [System.IO.File]::Delete($Target + '.part') }
}
