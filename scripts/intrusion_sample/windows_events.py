"""Windows events in the shape that evtx_dump writes as JSON, one event to a line.

Layouts: Microsoft's event manifests (Security, Defender, Sysmon, PowerShell, Service Control
Manager); the 27 unnamed values of `MSExchange Management` by position.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

COMPUTER = "EX01.contoso.example"
DOMAIN_SID = "S-1-5-21-2871544192-1400934327-3158071920"
SYSTEM_SID = "S-1-5-18"

Event = dict[str, object]
Data = Mapping[str, object] | Sequence[str]


class Log(NamedTuple):
    """A channel and the provider that writes to it; classic ones carry qualifiers and no GUID."""

    channel: str
    provider: str
    guid: str = ""


SECURITY = Log(
    "Security", "Microsoft-Windows-Security-Auditing", "54849625-5478-4994-A5BA-3E3B0328C30D"
)
SECURITY_CLEARED = Log(
    "Security", "Microsoft-Windows-Eventlog", "FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148"
)
SYSTEM_CLEARED = Log("System", "Microsoft-Windows-Eventlog", "FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148")
SYSTEM = Log("System", "Service Control Manager", "555908D1-A6D7-4695-8E1E-26931D2012F4")
SYSMON = Log(
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Sysmon",
    "5770385F-C22A-43E0-BF4C-06F5698FFBD9",
)
DEFENDER = Log(
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-Windows Defender",
    "11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78",
)
POWERSHELL = Log(
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-PowerShell",
    "A0C1853B-5C40-4B15-8766-3CF1C58F985A",
)
POWERSHELL_CLASSIC = Log("Windows PowerShell", "PowerShell")
EXCHANGE = Log("MSExchange Management", "MSExchange CmdletLogs")
CONTROL_PANEL = Log("Application", "MSExchange Control Panel")
ASP_NET = Log("Application", "ASP.NET 4.0.30319.0")
IIS_CONFIGURATION = Log(
    "Microsoft-IIS-Configuration/Operational",
    "Microsoft-Windows-IIS-Configuration",
    "DC0B8E51-4863-407A-BC3C-1B479B2978AC",
)


def event(log: Log, event_id: int, moment: datetime, record: int, data: Data) -> Event:
    """One event; `data` is a map of names to values, or the unnamed values in order."""
    provider: dict[str, object] = {"Name": log.provider}
    stated_id: object = event_id
    if log.guid:
        provider["Guid"] = log.guid
    else:
        stated_id = {"#attributes": {"Qualifiers": 0}, "#text": event_id}
    section: dict[str, object] = {"EventData": data}
    if not isinstance(data, Mapping):
        section = {"EventData": {"Data": {"#text": list(data)}}}
    elif log in {SECURITY_CLEARED, SYSTEM_CLEARED}:
        section = {"UserData": {"LogFileCleared": data}}
    system: dict[str, object] = {
        "Provider": {"#attributes": provider},
        "EventID": stated_id,
        "Version": 0,
        "Level": 4,
        "Keywords": "0x8000000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"}},
        "EventRecordID": record,
        "Channel": log.channel,
        "Computer": COMPUTER,
        "Security": None,
    }
    return {"Event": {"System": system, **section}}


def line(one: Event) -> str:
    """The event as one line of text without its line feed."""
    return json.dumps(one, ensure_ascii=False, separators=(",", ":"))


def sysmon_process(
    image: str, command: str, parent: str, parent_command: str, **other: object
) -> dict[str, object]:
    """Data of Sysmon 1; a process of the local system unless `other` says otherwise."""
    return {
        "RuleName": "-",
        "ProcessGuid": "7B0E5C11-0000-0000-0000-000000000000",
        "ProcessId": 4312,
        "Image": image,
        "OriginalFileName": image.rpartition("\\")[2],
        "CommandLine": command,
        "CurrentDirectory": "C:\\Windows\\System32\\inetsrv\\",
        "User": "NT AUTHORITY\\SYSTEM",
        "LogonId": "0x3e7",
        "IntegrityLevel": "System",
        "ParentProcessGuid": "7B0E5C11-0000-0000-0000-000000000001",
        "ParentProcessId": 8372,
        "ParentImage": parent,
        "ParentCommandLine": parent_command,
        **other,
    }


def security_process(image: str, command: str, parent: str, **other: object) -> dict[str, object]:
    """Data of Security 4688; started by the local system unless `other` says otherwise."""
    return {
        "SubjectUserSid": SYSTEM_SID,
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "SubjectLogonId": "0x3e7",
        "NewProcessId": "0x10d8",
        "NewProcessName": image,
        "TokenElevationType": "%%1936",
        "ProcessId": "0x20b4",
        "CommandLine": command,
        "TargetUserSid": "S-1-0-0",
        "TargetUserName": "-",
        "TargetDomainName": "-",
        "TargetLogonId": "0x0",
        "ParentProcessName": parent,
        "MandatoryLabel": "S-1-16-16384",
        **other,
    }


def cmdlet(name: str, parameters: str, **other: str) -> list[str]:
    """The 27 values of an MSExchange Management event.

    `other` may give `caller`, `sid`, `host`, `process` and `error`.
    """
    values = [""] * 27
    sid = other.get("sid", f"{DOMAIN_SID}-500")
    values[0:2] = [name, parameters]
    values[2] = other.get("caller", "contoso.example/Users/Administrator")
    values[3] = values[4] = sid
    values[5] = other.get("host", "Remote-ManagementShell-Unknown")
    values[6] = other.get("process", "8372 w3wp#MSExchangePowerShellAppPool")
    values[8:10] = ["41", "00:00:00.1250000"]
    values[10] = "View Entire Forest: 'False', Default Scope: 'contoso.example'"
    values[11] = other.get("error", "")
    values[12:15] = ["0", "0", ""]
    values[15:19] = ["False"] * 4
    values[23] = "5b1f4c0e-9a51-4d0d-9f3a-7f1f0c5a9e21"
    values[24] = "ServicePlan:;IsAdmin:True;"
    values[26] = "en-US"
    return values


def logon(target: str, address: str, **other: object) -> dict[str, object]:
    """Data of Security 4624 and 4625 for a log-on through IIS."""
    return {
        "SubjectUserSid": SYSTEM_SID,
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "TargetUserName": target,
        "TargetDomainName": "CONTOSO",
        "LogonType": 8,
        "AuthenticationPackageName": "Negotiate",
        "ProcessName": "C:\\Windows\\System32\\inetsrv\\w3wp.exe",
        "IpAddress": address,
        "IpPort": "50114",
        **other,
    }


def group_add(group: str, group_sid: str, member: str, **other: object) -> dict[str, object]:
    """Data of Security 4728, 4732 and 4756; done by the local system unless told otherwise."""
    return {
        "MemberName": member,
        "MemberSid": f"{DOMAIN_SID}-1109",
        "TargetUserName": group,
        "TargetDomainName": "CONTOSO",
        "TargetSid": group_sid,
        "SubjectUserSid": SYSTEM_SID,
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "SubjectLogonId": "0x3e7",
        "PrivilegeList": "-",
        **other,
    }


def user_created(name: str, **other: object) -> dict[str, object]:
    """Data of Security 4720; a local account made by the local system."""
    return {
        "TargetUserName": name,
        "TargetDomainName": "EX01",
        "TargetSid": f"{DOMAIN_SID}-1109",
        "SubjectUserSid": SYSTEM_SID,
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "SubjectLogonId": "0x3e7",
        "PrivilegeList": "-",
        "SamAccountName": name,
        "UserAccountControl": "\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084",
        **other,
    }


def service_installed(name: str, path: str, **other: object) -> dict[str, object]:
    """Data of System 7045."""
    return {
        "ServiceName": name,
        "ImagePath": path,
        "ServiceType": "user mode service",
        "StartType": "demand start",
        "AccountName": "LocalSystem",
        **other,
    }


def script_block(text: str, path: str = "") -> dict[str, object]:
    """Data of PowerShell 4104."""
    return {
        "MessageNumber": 1,
        "MessageTotal": 1,
        "ScriptBlockText": text,
        "ScriptBlockId": "37f6d110-cfdf-4118-8748-17638e258531",
        "Path": path,
    }
