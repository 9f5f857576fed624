# Where things lie on this server: the registry, Exchange, IIS, and folders to walk.

function Open-Key {
    # A key of HKLM (64-bit view); null if there is none. 'access is denied' is thrown.
    param([string]$Path, [string]$Hive = 'LocalMachine')
    $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey(
        [Microsoft.Win32.RegistryHive]$Hive, [Microsoft.Win32.RegistryView]::Registry64)
    return $root.OpenSubKey($Path, $false)
}

function Read-Value {
    # A value of HKLM; null if there is none.
    param([string]$Path, [string]$Name)
    $key = Open-Key $Path
    if ($null -eq $key) { return $null }
    try { return $key.GetValue($Name) } finally { $key.Dispose() }
}

# Source: Exchange's setup writes MsiInstallPath; v14 is Exchange 2010.
$ExchangePath = ''
foreach ($generation in 'v15', 'v14') {
    if ($ExchangePath) { continue }
    try { $ExchangePath = [string](Read-Value "SOFTWARE\Microsoft\ExchangeServer\$generation\Setup" 'MsiInstallPath') }
    catch { Add-NotCollected 'inventory' ('install path of Exchange: ' + (Format-Reason $_)) }
}
$ExchangePath = $ExchangePath.TrimEnd('\')

function Join-Exchange {
    # A path below the install root; '' where Exchange is not installed.
    param([string]$Below)
    if (-not $ExchangePath) { return '' }
    return Join-Path $ExchangePath $Below
}

function Find-Files {
    # Files below a folder, without following links. Folders that cannot be read are faults.
    param([string]$Root, [string]$Pattern = '*', [int]$Depth = 40, [int]$Most = 300000)
    if (-not $Root -or -not [System.IO.Directory]::Exists($Root)) { return }
    $found = 0
    $stack = New-Object 'System.Collections.Generic.Stack[object]'
    $stack.Push(@((New-Object System.IO.DirectoryInfo($Root)), 0))
    while ($stack.Count -gt 0) {
        $folder, $level = $stack.Pop()
        try {
            foreach ($file in $folder.EnumerateFiles($Pattern)) {
                $found += 1
                if ($found -gt $Most) { Add-Fault "${Root}: only the first $Most files were looked at"; return }
                $file
            }
            if ($level -ge $Depth) { continue }
            foreach ($below in $folder.EnumerateDirectories()) {
                # FileAttributes.ReparsePoint is 0x400.
                if (([int]$below.Attributes -band 0x400) -eq 0) { $stack.Push(@($below, ($level + 1))) }
            }
        }
        catch { Add-Fault ('{0}: {1}' -f $folder.FullName, (Format-Reason $_)) }
    }
}

function Find-Recent {
    # Files that were written to inside of the window.
    param([string]$Root, [string]$Pattern = '*', [int]$Depth = 40)
    return Find-Files $Root $Pattern $Depth | Where-Object { $_.LastWriteTimeUtc -ge $From }
}

$IisConfig = Join-Path $SystemFolder 'inetsrv\config\applicationHost.config'
$IisXml = $null

function Read-IisConfig {
    # applicationHost.config as a document; throws where IIS is not installed.
    if ($null -eq $script:IisXml) {
        $document = New-Object System.Xml.XmlDocument
        $document.XmlResolver = $null
        $stream = Open-Shared $IisConfig
        try { $document.Load($stream) } finally { $stream.Dispose() }
        $script:IisXml = $document
    }
    return $script:IisXml
}

function Find-IisValues {
    # Values of an attribute, with %variables% resolved.
    param([string]$XPath)
    $values = foreach ($node in (Read-IisConfig).SelectNodes($XPath)) {
        [Environment]::ExpandEnvironmentVariables($node.Value)
    }
    return $values | Where-Object { $_ } | Sort-Object -Unique
}

function Find-IisLogFolders {
    # Wherever they were moved to.
    $folders = @((Join-Path $SystemDrive 'inetpub\logs\LogFiles'))
    try { $folders += @(Find-IisValues '//logFile/@directory') }
    catch { Add-Fault ('applicationHost.config: ' + (Format-Reason $_)) }
    return $folders | ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Unique
}

function Find-WebRoots {
    # Folders that are served, without those that lie in others of them.
    $roots = New-Object 'System.Collections.Generic.List[string]'
    try { foreach ($path in Find-IisValues '//virtualDirectory/@physicalPath') { $roots.Add($path) } }
    catch { Add-Fault ('applicationHost.config: ' + (Format-Reason $_)) }
    foreach ($path in @((Join-Exchange 'FrontEnd\HttpProxy'), (Join-Exchange 'ClientAccess'), (Join-Path $SystemDrive 'inetpub\wwwroot'))) {
        if ($path) { $roots.Add($path) }
    }
    $kept = New-Object 'System.Collections.Generic.List[string]'
    foreach ($root in ($roots | ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Property @('Length', { $_ }) -Unique)) {
        $inside = @($kept | Where-Object { ($root + '\').StartsWith($_ + '\', [StringComparison]::OrdinalIgnoreCase) })
        if ($inside.Count -eq 0 -and $root -notmatch '^[A-Za-z]:$') { $kept.Add($root) }
    }
    return $kept.ToArray()
}

function Find-StagingFolders {
    # Where intruders leave things; pairs of folder and depth.
    , @((Join-Path $WindowsFolder 'Temp'), 3)
    , @((Join-Path $SystemDrive 'ProgramData'), 2)
    , @((Join-Path $SystemDrive 'PerfLogs'), 4)
    , @((Join-Path $SystemDrive 'Users\Public'), 5)
    , @((Join-Path $SystemDrive 'Temp'), 4)
    , @((Join-Path $SystemDrive 'inetpub'), 1)
    , @((Join-Path $WindowsFolder 'Debug'), 2)
    , @($SystemDrive, 0)
    if ($ExchangePath) { , @((Join-Exchange 'Logging'), 1) }
}
