"""What Windows logs: programs, files, log-ons, accounts, services, tasks, protection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exward.simulate.layouts.windows import Event
from exward.simulate.world import (
    DOMAIN_SID,
    EXCHANGE,
    NETBIOS,
    SECOND,
    SYSTEM_SID,
    Host,
    Process,
    World,
    moment,
    sid_of,
)

SYSTEM32 = "C:\\Windows\\System32\\"
WORKER = f"{SYSTEM32}inetsrv\\w3wp.exe"
SERVICES = Process("7B0E5C11-1000-69A6-0B00-000000003E00", 812, f"{SYSTEM32}services.exe", "")
SYSTEM = Process("7B0E5C11-0FFF-69A6-EB03-000000000000", 4, "System", "")
EXPLORER = "C:\\Windows\\explorer.exe"

SYSTEM_USER = "NT AUTHORITY\\SYSTEM"


@dataclass(frozen=True, slots=True)
class Started:
    """A program that starts; `user` other than SYSTEM comes with a log-on session."""

    image: str
    command: str
    user: str = SYSTEM_USER
    logon_id: str = "0x3e7"


def worker(pool: str) -> Process:
    """The IIS worker process of an application pool, running since before the day."""
    number = sum(map(ord, pool))
    command = (
        f'c:\\windows\\system32\\inetsrv\\w3wp.exe -ap "{pool}" -v "v4.0" -c '
        f'"{EXCHANGE}bin\\GenericAppPoolConfigWithGCServerEnabledFalse.config" '
        f"-a \\\\.\\pipe\\iisipm{number:x} -h "
        f'"C:\\inetpub\\temp\\apppools\\{pool}\\{pool}.config" -w "" -m 0'
    )
    guid = f"7B0E5C11-2F10-69A6-{number:04X}-000000003E00"
    return Process(guid, 2000 + number * 4, WORKER, command)


def start(world: World, host: Host, time: int, parent: Process, one: Started) -> Process:
    """Sysmon 1 and Security 4688; returns the process."""
    pid = world.pid()
    guid = f"7B0E5C11-{pid & 0xFFFF:04X}-69A6-{world.processes & 0xFFFF:04X}-000000003E00"
    is_system = one.user == SYSTEM_USER
    world.add(time, host, "sysmon", Event(1, {
        "RuleName": "-", "UtcTime": _utc(time), "ProcessGuid": guid, "ProcessId": pid,
        "Image": one.image, "FileVersion": "-", "OriginalFileName": one.image.rpartition("\\")[2],
        "CommandLine": one.command,
        "CurrentDirectory": "c:\\windows\\system32\\inetsrv\\"
        if parent.image == WORKER else SYSTEM32,
        "User": one.user, "LogonId": one.logon_id,
        "IntegrityLevel": "System" if is_system else "High",
        "ParentProcessGuid": parent.guid, "ParentProcessId": parent.pid,
        "ParentImage": parent.image, "ParentCommandLine": parent.command,
    }))  # fmt: skip
    name = one.user.rpartition("\\")[2]
    world.add(time, host, "security", Event(4688, {
        "SubjectUserSid": SYSTEM_SID if is_system else sid_of(name),
        "SubjectUserName": host.account if is_system else name, "SubjectDomainName": NETBIOS,
        "SubjectLogonId": one.logon_id, "NewProcessId": hex(pid), "NewProcessName": one.image,
        "TokenElevationType": "%%1936", "ProcessId": hex(parent.pid), "CommandLine": one.command,
        "TargetUserSid": "S-1-0-0", "TargetUserName": "-", "TargetDomainName": "-",
        "TargetLogonId": "0x0", "ParentProcessName": parent.image,
        "MandatoryLabel": "S-1-16-16384" if is_system else "S-1-16-12288",
    }))  # fmt: skip
    return Process(guid, pid, one.image, one.command)


def shell(world: World, host: Host, time: int, pool: str, command: str) -> Process:
    """`cmd /c` below a worker process, and the program below it."""
    cmd = start(
        world, host, time, worker(pool), Started(f"{SYSTEM32}cmd.exe", f'"cmd" /c {command}')
    )
    program = command.split()[0].strip('"')
    name = program if program.lower().endswith(".exe") else f"{program}.exe"
    image = name if "\\" in name else SYSTEM32 + _FOLDERS.get(name.lower(), "") + name
    return start(world, host, time + SECOND // 8, cmd, Started(image, command))


_FOLDERS = {"wmic.exe": "wbem\\", "powershell.exe": "WindowsPowerShell\\v1.0\\",
            "appcmd.exe": "inetsrv\\"}  # fmt: skip


def write_file(world: World, host: Host, time: int, by: Process, path: str) -> None:
    """Sysmon 11."""
    world.add(time, host, "sysmon", Event(11, {
        "RuleName": "-", "UtcTime": _utc(time), "ProcessGuid": by.guid, "ProcessId": by.pid,
        "Image": by.image, "TargetFilename": path, "CreationUtcTime": _utc(time),
        "User": SYSTEM_USER,
    }))  # fmt: skip


def write_over_loopback(world: World, host: Host, time: int, path: str) -> None:
    """A file written through the server's own administrative share: Security 5145, Sysmon 11."""
    world.add(time, host, "security", Event(5145, {
        "SubjectUserSid": SYSTEM_SID, "SubjectUserName": host.account,
        "SubjectDomainName": NETBIOS, "SubjectLogonId": "0x3e7", "ObjectType": "File",
        "IpAddress": "127.0.0.1", "IpPort": "61004", "ShareName": "\\\\*\\C$",
        "ShareLocalPath": "\\??\\C:\\", "RelativeTargetName": path.removeprefix("C:\\"),
        "AccessMask": "0x12019f", "AccessList": "%%1538\r\n\t\t\t\t%%4416\r\n\t\t\t\t%%4417\r\n",
    }))  # fmt: skip
    write_file(world, host, time + SECOND // 20, SYSTEM, path)


@dataclass(frozen=True, slots=True)
class Logon:
    """A log-on; `sub_status` other than "" is one that failed."""

    user: str
    address: str
    kind: int = 3
    process: str = "-"
    package: str = "Kerberos"
    sub_status: str = ""
    logon_id: str = "0x0"


def log_on(world: World, host: Host, time: int, one: Logon) -> None:
    """Security 4624 or 4625."""
    data: dict[str, object] = {
        "SubjectUserSid": SYSTEM_SID, "SubjectUserName": host.account,
        "SubjectDomainName": NETBIOS, "SubjectLogonId": "0x3e7", "TargetUserSid": sid_of(one.user),
        "TargetUserName": one.user, "TargetDomainName": NETBIOS, "LogonType": one.kind,
        "LogonProcessName": "Advapi  ", "AuthenticationPackageName": one.package,
        "WorkstationName": host.name if one.kind == 8 else "-",
        "ProcessName": one.process, "IpAddress": one.address, "IpPort": "50114",
    }  # fmt: skip
    if one.sub_status:
        data |= {"Status": "0xc000006d", "FailureReason": "%%2313", "SubStatus": one.sub_status}
        world.add(time, host, "security", Event(4625, data))
    else:
        data["TargetLogonId"] = one.logon_id
        world.add(time, host, "security", Event(4624, data))


def create_user(world: World, host: Host, time: int, name: str, subject: str = "") -> str:
    """Security 4720 and 4722; returns the new account's SID."""
    sid = f"{DOMAIN_SID}-{3000 + len(name)}"
    data = {"TargetUserName": name, "TargetDomainName": host.name, "TargetSid": sid,
            **_subject(host, subject), "PrivilegeList": "-", "SamAccountName": name}  # fmt: skip
    world.add(time, host, "security", Event(4720, data))
    world.add(time + SECOND // 50, host, "security", Event(4722, data))
    return sid


def add_member(
    world: World, host: Host, time: int, group: tuple[int, str, str], member: tuple[str, str]
) -> None:
    """Security 4728, 4732 or 4756: (event id, group, its SID), (member's name, SID)."""
    event_id, name, sid = group
    world.add(time, host, "security", Event(event_id, {
        "MemberName": member[0], "MemberSid": member[1], "TargetUserName": name,
        "TargetDomainName": "Builtin" if sid.startswith("S-1-5-32") else NETBIOS,
        "TargetSid": sid, **_subject(host, ""), "PrivilegeList": "-",
    }))  # fmt: skip


def script_block(world: World, host: Host, time: int, text: str, path: str = "") -> None:
    """PowerShell 4104."""
    data = {"MessageNumber": 1, "MessageTotal": 1, "ScriptBlockText": text,
            "ScriptBlockId": world.guid(), "Path": path}  # fmt: skip
    world.add(time, host, "powershell", Event(4104, data, level=5))


def defender(world: World, host: Host, time: int, event_id: int, data: Mapping[str, str]) -> None:
    """An event of Microsoft Defender."""
    product = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.26010.5"}
    world.add(time, host, "defender", Event(event_id, {**product, **data}))


def service_state(world: World, host: Host, time: int, name: str, state: str) -> None:
    """System 7036."""
    world.add(time, host, "system", Event(7036, {"param1": name, "param2": state}))


def service_start_type(world: World, host: Host, time: int, change: tuple[str, ...]) -> None:
    """System 7040: display name, old type, new type, service name."""
    data = {f"param{number}": value for number, value in enumerate(change, start=1)}
    world.add(time, host, "system", Event(7040, data))


def register_task(world: World, host: Host, time: int, name: str, command: str) -> None:
    """Security 4698 and the task scheduler's 106."""
    content = (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2"><Principals>'
        '<Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>'
        f"<Actions><Exec><Command>{command}</Command></Exec></Actions></Task>"
    )
    world.add(time, host, "security", Event(4698, {
        **_subject(host, ""), "TaskName": name, "TaskContent": content,
    }))  # fmt: skip
    data = {"TaskName": name, "UserContext": SYSTEM_USER}
    world.add(time, host, "tasks", Event(106, data))


def clear_log(world: World, host: Host, time: int, channel: str) -> None:
    """Security 1102, or System 104 for another channel."""
    data = {"SubjectUserSid": SYSTEM_SID, "SubjectUserName": host.account,
            "SubjectDomainName": NETBIOS, "SubjectLogonId": "0x3e7"}  # fmt: skip
    provider = "Microsoft-Windows-Eventlog"
    if channel == "Security":
        world.add(time, host, "security", Event(1102, data, provider))
    else:
        world.add(time, host, "system", Event(104, {**data, "Channel": channel}, provider))


def application(
    world: World, host: Host, time: int, source: tuple[str, int], values: list[str]
) -> None:
    """An event of the Application log with unnamed values: (provider, event id)."""
    provider, event_id = source
    world.add(time, host, "application", Event(event_id, values, provider, level=2))


def _subject(host: Host, user: str) -> dict[str, object]:
    return {
        "SubjectUserSid": sid_of(user) if user else SYSTEM_SID,
        "SubjectUserName": user or host.account,
        "SubjectDomainName": NETBIOS,
        "SubjectLogonId": "0x3e7",
    }


def _utc(time: int) -> str:
    return f"{moment(time):%Y-%m-%d %H:%M:%S}.{time % SECOND // 1000:03d}"
