"""Steps that many intruders take once they are in, each written to all logs that would hold it."""

from __future__ import annotations

from dataclasses import dataclass

from exward.simulate.acts import cmdlets, web, windows
from exward.simulate.acts.cmdlets import Cmdlet
from exward.simulate.acts.web import Request
from exward.simulate.acts.windows import Started
from exward.simulate.world import EXCHANGE, MINUTE, SECOND, Host, World

AUTH_FOLDER = f"{EXCHANGE}FrontEnd\\HttpProxy\\owa\\auth\\"
TOOL = "python-requests/2.31"
_DISCOVERY = (
    *("whoami", "hostname", "ipconfig /all", "nltest /domain_trusts /all_trusts"),
    *('net1 group "Exchange Trusted Subsystem" /domain', "tasklist /svc", "quser"),
)


@dataclass(frozen=True, slots=True)
class Foothold:
    """Where the intruder sits: a web shell (its URL) in an application pool, called from `client`.

    `url` "" is an intruder without a shell file: commands come from the pool itself.
    """

    client: str
    url: str
    pool: str = "MSExchangeOWAAppPool"
    agent: str = TOOL


def call(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """One POST to the shell."""
    if foothold.url:
        web.send(world, host, time, Request(
            foothold.client, foothold.url, method="POST", agent=foothold.agent,
            back_status=None, taken_ms=780))  # fmt: skip


def command(world: World, host: Host, time: int, foothold: Foothold, line: str) -> None:
    """A command through the shell."""
    call(world, host, time - SECOND, foothold)
    windows.shell(world, host, time, foothold.pool, line)


def explore(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """The first commands: who am I, where, who else is here."""
    for number, line in enumerate(_DISCOVERY):
        command(world, host, time + number * 25 * SECOND, foothold, line)
    world.expect("exploration", time, "discovery commands below an Exchange worker process", host)


def enumerate_exchange(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """A script with the Exchange snap-in lists servers, roles and mailboxes."""
    script = "C:\\ProgramData\\q.ps1"
    snap_in = "Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn"
    command(world, host, time, foothold, f'powershell -nop -c "{snap_in}; . {script}"')
    for number, text in enumerate((
        "Get-ExchangeServer | fl Name,AdminDisplayVersion; Get-OwaVirtualDirectory | fl Path",
        'Get-RoleGroupMember "Organization Management" | ft Name,RecipientType',
        "Get-Mailbox -ResultSize Unlimited | select Alias,Database > C:\\ProgramData\\m.txt",
    )):  # fmt: skip
        windows.script_block(world, host, time + (3 + number * 9) * SECOND, text, script)
    world.expect("enumeration", time, "servers, role members and mailboxes listed", host)


def add_account(world: World, host: Host, time: int, foothold: Foothold, name: str) -> None:
    """A local account, made an administrator."""
    command(world, host, time, foothold, f"net1 user {name} Sp1ng!me2026 /add")
    sid = windows.create_user(world, host, time + SECOND, name)
    later = time + 28 * SECOND
    command(world, host, later, foothold, f"net1 localgroup administrators {name} /add")
    group = (4732, "Administrators", "S-1-5-32-544")
    windows.add_member(world, host, later + SECOND, group, ("-", sid))
    world.expect("account", time + SECOND, "local account made and added to Administrators", host)


def blind_defender(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """Defender excluded and switched off, Windows Update disabled."""
    script = "Add-MpPreference -ExclusionPath 'C:\\ProgramData' -ExclusionProcess 'w3wp.exe'"
    command(world, host, time, foothold, f'powershell -nop -c "{script}"')
    windows.script_block(world, host, time + SECOND, script)
    key = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\ProgramData = 0x0"
    windows.defender(world, host, time + 2 * SECOND, 5007, {"Old Value": "", "New Value": key})
    off = "Set-MpPreference -DisableRealtimeMonitoring $true"
    windows.script_block(world, host, time + 36 * SECOND, off)
    windows.defender(world, host, time + 37 * SECOND, 5001, {})
    command(world, host, time + MINUTE, foothold, "sc config wuauserv start= disabled")
    change = ("Windows Update", "demand start", "disabled", "wuauserv")
    windows.service_start_type(world, host, time + MINUTE + SECOND, change)
    world.expect("defence-evasion", time + SECOND, "Defender blinded, updates disabled", host)


def dump_lsass(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """The memory of LSASS through comsvcs.dll."""
    target = "C:\\ProgramData\\lsass_2.dmp"
    line = f"rundll32.exe C:\\windows\\System32\\comsvcs.dll, MiniDump 712 {target} full"
    call(world, host, time - SECOND, foothold)
    process = windows.shell(world, host, time, foothold.pool, line)
    windows.write_file(world, host, time + SECOND, process, target)
    world.expect("credential-access", time, "LSASS memory dumped", host)


def export_mailbox(world: World, host: Host, time: int, one: Cmdlet) -> None:
    """A mailbox exported to the server's own disk."""
    cmdlets.run(world, host, time, one)
    world.expect("collection-exfiltration", time, "mailbox exported to the server itself", host)


def pack_and_fetch(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """Mail files packed into a web folder and downloaded."""
    archive = f"{AUTH_FOLDER}c.7z"
    line = f'C:\\ProgramData\\7z.exe a -v900m "{archive}" C:\\ProgramData\\t\\*.pst'
    call(world, host, time - SECOND, foothold)
    process = windows.shell(world, host, time, foothold.pool, line)
    windows.write_file(world, host, time + 9 * SECOND, process, archive)
    web.send(world, host, time + 3 * MINUTE, Request(
        foothold.client, "/owa/auth/c.7z", agent="curl/8.4", back_status=None,
        sent=412_000_000, taken_ms=88_123))  # fmt: skip
    world.expect("collection-exfiltration", time, "mail packed and downloaded", host)


def persist(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """A scheduled task as SYSTEM."""
    line = (
        "schtasks /create /tn VSPerfMon /tr C:\\ProgramData\\vsperf.exe /sc minute /mo 30 "
        "/ru system"
    )
    command(world, host, time, foothold, line)
    windows.register_task(world, host, time + SECOND, "\\VSPerfMon", "C:\\ProgramData\\vsperf.exe")
    world.expect("persistence", time, "scheduled task with an odd program", host)


def clear_traces(world: World, host: Host, time: int, foothold: Foothold) -> None:
    """Event logs cleared."""
    command(world, host, time, foothold, 'wevtutil cl "Windows PowerShell"')
    windows.clear_log(world, host, time + SECOND, "Windows PowerShell")
    world.expect("defence-evasion", time, "event log cleared", host)


def move_on(world: World, host: Host, time: int, foothold: Foothold, target: str) -> None:
    """A command on another computer through WMI."""
    line = f'wmic /node:{target} process call create "cmd.exe /c whoami > C:\\Windows\\Temp\\o.txt"'
    command(world, host, time, foothold, line)
    world.expect("lateral-movement", time, "command sent to another computer", host)


def tool(world: World, host: Host, time: int, pool: str, started: Started) -> None:
    """A program directly below a worker process."""
    windows.start(world, host, time, windows.worker(pool), started)
