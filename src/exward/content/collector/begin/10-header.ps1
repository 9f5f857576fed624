<#
.SYNOPSIS
Gathers what exward needs to judge this Microsoft Exchange server, into one zip file.
.DESCRIPTION
Reads settings, groups, permissions, hashes of web files, event logs and the logs of IIS and Exchange.
It writes only below -OutputPath, changes no setting, sends nothing and asks nothing. What could not be
read stands in manifest.json inside the zip, with the reason. Works without the Exchange tools and
without elevation, and says what is missing then.
.PARAMETER Days
How many days back logs are taken.
.PARAMETER OutputPath
Folder for the zip; the folder of this script unless given. Nothing is written elsewhere.
.PARAMETER MaxSizeMB
Copied files in all, before compression. What comes last, and the oldest of it, is left out and named.
.PARAMETER Include
Only these areas. A list with commas.
.PARAMETER Exclude
All but these areas. A list with commas.
.PARAMETER Also
Areas that are left out unless asked for, because they take long.
.PARAMETER EstimateOnly
Says what would be copied and how large it is, and writes nothing.
.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File .\exward-collect.ps1 -EstimateOnly
.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File .\exward-collect.ps1 -Days 30 -OutputPath D:\case
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 3650)][int]$Days = @@DAYS@@,
    [string]$OutputPath = '',
    [ValidateRange(1, 10485760)][long]$MaxSizeMB = 20480,
    [string[]]$Include = @(),
    [string[]]$Exclude = @(),
    [string[]]$Also = @(),
    [switch]$EstimateOnly
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# Modules do not see the preference of a script: without this, what is denied would pass for empty.
$PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop' }
$CollectorVersion = '@@VERSION@@'

# A 32-bit process is shown another System32 and another registry.
if ([IntPtr]::Size -ne 8) {
    throw 'Start this script in the 64-bit Windows PowerShell.'
}

$Started = [datetime]::UtcNow
$From = $Started.AddDays(-$Days)
$WindowsFolder = [Environment]::GetFolderPath('Windows')
$SystemFolder = Join-Path $WindowsFolder 'System32'
$SystemDrive = [System.IO.Path]::GetPathRoot($WindowsFolder)

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object Security.Principal.WindowsPrincipal($identity)
$Elevated = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)

$dns = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
$Server = $dns.HostName
if ($dns.DomainName) { $Server = $dns.HostName + '.' + $dns.DomainName }
