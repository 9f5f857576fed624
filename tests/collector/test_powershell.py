"""The script is read by a grammar: it parses, and can do nothing but read.

Where there is a PowerShell (on Windows), that parses it as well.
"""

import hashlib
import re
import shutil
import subprocess
from importlib import resources

import pytest

from exward.collector.script import areas, make_script
from tests.collector import powershell

PARTS = sorted(
    (part for name in ("begin", "areas", "end") for part in
     resources.files("exward").joinpath("content", "collector", name).iterdir()),
    key=str,
)  # fmt: skip
SCRIPT = make_script()
OWN = set(powershell.functions(SCRIPT))

# Commands that do not begin with Get-: what they do stays inside of the script.
HARMLESS = {
    "Add-PSSnapin",  # Exchange's own cmdlets
    "Add-Type",  # loads an assembly of Windows
    "ConvertTo-Json",
    "ForEach-Object",
    "Join-Path",
    "New-Object",
    "New-TimeSpan",
    "Select-Object",
    "Set-StrictMode",
    "Sort-Object",
    "Where-Object",
    "Write-Host",
    "Write-Progress",
    "Write-Warning",
}
# Methods that write, delete or move; each line of the script that calls one stands here.
WRITING = {
    "[System.IO.Directory]::CreateDirectory": {
        "[void][System.IO.Directory]::CreateDirectory($WorkFolder)",
    },
    "[System.IO.Directory]::Delete": {"[System.IO.Directory]::Delete($WorkFolder, $true)"},
    "[System.IO.File]::Delete": {
        "elseif ($null -ne $ZipFile) { [System.IO.File]::Delete($Target + '.part') }",
        "finally { [System.IO.File]::Delete($file) }",
    },
    "[System.IO.File]::Move": {
        "if ($Complete) { [System.IO.File]::Move(($Target + '.part'), $Target) }",
    },
    "Invoke": {"$found = foreach ($one in @($group.psbase.Invoke('Members'))) {"},
    "Write": {"$target.Write($Buffer, 0, $count)"},
    "CreateEntry": {
        "$entry = $Zip.CreateEntry($Name, [System.IO.Compression.CompressionLevel]::Fastest)",
    },
}
READING = {
    "Add", "AddDays", "Clear", "Close", "ComputeHash", "Contains", "ContainsKey", "Dequeue",
    "Dispose", "Enqueue", "EnumerateDirectories", "EnumerateFiles", "FindAll", "GetAccessControl",
    "GetAccessRules", "GetAuditRules", "GetBaseException", "GetBytes", "GetLogNames", "GetOwner",
    "GetSubKeyNames", "GetValue", "GetValueNames",
    "GetUnresolvedProviderPathFromPSPath", "IsInRole", "LastIndexOf", "Load", "Open",
    "OpenSubKey", "Pop", "Push", "Read", "ReadLine", "Replace", "SelectNodes", "Split",
    "StartsWith", "Substring", "ToArray", "ToLowerInvariant", "ToString", "ToUniversalTime",
    "ToUpperInvariant", "TransformBlock", "TransformFinalBlock", "Translate", "Trim", "TrimEnd",
    "[Diagnostics.Process]::GetCurrentProcess", "[Diagnostics.Stopwatch]::StartNew",
    "[Environment]::ExpandEnvironmentVariables", "[Environment]::GetFolderPath",
    "[Math]::Max", "[Math]::Min",
    "[Microsoft.Win32.RegistryKey]::OpenBaseKey",
    "[Security.Principal.WindowsIdentity]::GetCurrent", "[System.BitConverter]::ToString",
    "[System.Diagnostics.FileVersionInfo]::GetVersionInfo", "[System.IO.Directory]::Exists",
    "[System.IO.File]::Exists", "[System.IO.File]::ReadAllLines", "[System.IO.Path]::GetPathRoot",
    "[System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties",
    "[System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey",
    "[datetime]::FromFileTimeUtc", "[datetime]::SpecifyKind", "[int]::TryParse",
}  # fmt: skip
# about_Automatic_Variables and about_Preference_Variables of Windows PowerShell 5.1.
AUTOMATIC = {
    "_", "null", "true", "false", "psversiontable", "psscriptroot", "pscmdlet", "lastexitcode",
    "erroractionpreference",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_is_plain_small_and_says_what_it_is(part):
    text = part.read_bytes().decode("ascii")
    assert text.startswith(("# ", "<#"))
    assert text.endswith("\n")
    assert "\t" not in text
    assert "\r" not in text
    assert text.count("\n") < 200
    assert powershell.errors(text.replace("@@DAYS@@", "14")) == []


def test_the_grammar_notices_what_is_wrong():
    assert powershell.errors("if ($a { 'b' }") != []


def test_the_whole_parses():
    assert powershell.errors(SCRIPT) == []


@pytest.mark.parametrize("area", areas())
def test_each_area_parses_alone(area):
    text = make_script(30, [area])
    assert powershell.errors(text) == []
    assert powershell.commands(text) - set(powershell.functions(text)) <= HARMLESS | {
        name for name in powershell.commands(text) if name.startswith("Get-")
    }


def test_only_reading_commands_are_called():
    called = powershell.commands(SCRIPT) - OWN
    assert {name for name in called if not name.startswith("Get-")} == HARMLESS
    assert len(OWN) == len(powershell.functions(SCRIPT)), "a function is defined twice"
    assert not {name for name in OWN if name.startswith("Get-")}, "would pass for a cmdlet"


def test_by_name_only_the_bodies_of_areas_and_programs_of_windows_are_called():
    assert powershell.called_by_value(SCRIPT) == {"$Area.Body", "$path", "$cmdlet"}
    programs = re.findall(r"Read-Native '(.+?)' @\('(.+?)'", SCRIPT)
    assert sorted(programs) == [
        ("auditpol.exe", "/backup"),
        ("w32tm.exe", "/query"),
        ("wevtutil.exe", "epl"),
    ]
    assert SCRIPT.count("Read-Native") == len(programs) + 1
    assert "$path = Join-Path $SystemFolder $Program" in SCRIPT
    assert "foreach ($cmdlet in 'Get-" in SCRIPT


def test_only_reading_methods_are_called():
    assert powershell.methods(SCRIPT) == READING | set(WRITING)


@pytest.mark.parametrize("method", WRITING)
def test_what_writes_writes_below_the_output_folder(method):
    name = method if "::" in method else f".{method}("
    lines = {line.strip() for line in SCRIPT.splitlines() if name in line}
    assert lines == WRITING[method]


def test_members_that_are_set_are_those_of_own_objects():
    assert set(re.findall(r"(\$[\w.]+\.\w+) [-+]?= ", SCRIPT)) == {
        "$document.XmlResolver",
        "$entry.LastWriteTime",
        "$entry.psbase.Options.SecurityMasks",
        "$part.Bytes",
        "$part.Items",
        "$process.PriorityClass",
        "$searcher.PageSize",
        "$searcher.ServerTimeLimit",
    }


def test_files_are_opened_for_reading_but_for_the_zip():
    assert SCRIPT.count("FileAccess]::ReadWrite") == 1
    assert SCRIPT.count("FileMode]::CreateNew") == 1
    assert not re.search(r"FileMode\]::(Create\b|Append|Open(OrCreate)|Truncate)", SCRIPT)
    assert "OpenSubKey($Path, $false)" in SCRIPT
    assert not re.search(r"OpenSubKey\([^)]*\$true", SCRIPT)
    assert set(re.findall(r"OpenFlags\]'(.+?)'", SCRIPT)) == {"ReadOnly, OpenExistingOnly"}


def test_nothing_that_could_send_is_made():
    assert not {name for name in powershell.made(SCRIPT) if ".Net" in name or "Socket" in name}
    assert not re.search(r"\b(iex|curl|wget|Net\.WebClient|HttpClient|-ComputerName)\b", SCRIPT)
    assert not re.search(r"[^$]\(\s*Read-Host|Read-Host|-Confirm", SCRIPT)


def test_every_variable_gets_a_value_somewhere():
    assert powershell.used(SCRIPT) - powershell.assigned(SCRIPT) - AUTOMATIC == set()


def test_own_functions_are_called_with_parameters_that_they_have():
    known = powershell.parameters(SCRIPT)
    assert set(known) == OWN
    for command, parameter in powershell.given(SCRIPT):
        if command in OWN:
            assert parameter in known[command], (command, parameter)


def test_what_is_denied_ends_an_area_and_does_not_pass_for_empty():
    assert "$ErrorActionPreference = 'Stop'" in SCRIPT
    assert "$PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop' }" in SCRIPT
    lenient = {line.strip() for line in SCRIPT.splitlines() if "SilentlyContinue" in line}
    assert lenient
    assert all("Get-Command -Name" in line for line in lenient)


def test_json_is_written_deep_enough():
    assert set(re.findall(r"ConvertTo-Json [^\r\n]*", SCRIPT)) == {
        "ConvertTo-Json -InputObject $Value -Depth 8 -Compress"
    }


def test_the_header_has_the_digest_of_what_follows():
    head, _, body = SCRIPT.partition("-" * 78 + "\r\n")
    assert hashlib.sha256(body.encode()).hexdigest() in head
    assert "\n" not in SCRIPT.replace("\r\n", "")


@pytest.mark.skipif(
    not shutil.which("powershell") and not shutil.which("pwsh"), reason="no PowerShell"
)
def test_powershell_itself_parses_it(tmp_path):
    script = tmp_path / "collect.ps1"
    script.write_bytes(SCRIPT.encode())
    program = shutil.which("powershell") or shutil.which("pwsh") or ""
    ask = (
        "$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile("
        f"'{script}', [ref]$null, [ref]$e); $e | ForEach-Object {{ $_.Message }}; exit $e.Count"
    )
    ended = subprocess.run(
        [program, "-NoProfile", "-Command", ask], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "")
