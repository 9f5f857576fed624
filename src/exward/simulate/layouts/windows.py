"""Windows events: most channels as evtx_dump's JSON, one to a line; some as wevtutil's XML.

Layouts: Microsoft's event manifests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from exward.simulate.layouts.interface import Layout
from exward.simulate.world import SECOND, Host, moment

Data = Mapping[str, object] | list[str]


class Event(NamedTuple):
    """Event id, its data (a list: values without names), another provider than the usual one."""

    event_id: int
    data: Data
    provider: str = ""
    level: int = 4


class Channel(NamedTuple):
    """A channel, who usually writes to it, its first record number, and how it was exported."""

    log: str
    channel: str
    provider: str
    first: int
    xml: bool = False


CHANNELS = (
    Channel("security", "Security", "Microsoft-Windows-Security-Auditing", 918_204),
    Channel("system", "System", "Service Control Manager", 44_120, xml=True),
    Channel("application", "Application", "MSExchange Common", 120_334, xml=True),
    Channel("sysmon", "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 771_350),
    Channel(
        "defender",
        "Microsoft-Windows-Windows Defender/Operational",
        "Microsoft-Windows-Windows Defender",
        2_310,
    ),
    Channel(
        "powershell",
        "Microsoft-Windows-PowerShell/Operational",
        "Microsoft-Windows-PowerShell",
        9_012,
    ),
    Channel("powershell-classic", "Windows PowerShell", "PowerShell", 5_120),
    Channel("management", "MSExchange Management", "MSExchange CmdletLogs", 30_551),
    Channel(
        "iis-configuration",
        "Microsoft-Windows-IIS-Configuration/Operational",
        "Microsoft-Windows-IIS-Configuration",
        210,
    ),
    Channel(
        "tasks",
        "Microsoft-Windows-TaskScheduler/Operational",
        "Microsoft-Windows-TaskScheduler",
        61_002,
    ),
    Channel(
        "rdp",
        "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        "Microsoft-Windows-TerminalServices-LocalSessionManager",
        1_400,
    ),
    Channel(
        "certificates",
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System",
        77,
    ),
)
_USER_DATA = {1102: "LogFileCleared", 104: "LogFileCleared"}


def _json(channel: Channel, host: Host, time: int, data: Event, number: int) -> str:
    section: dict[str, object] = {"EventData": data.data}
    if isinstance(data.data, list):
        section = {"EventData": {"Data": {"#text": data.data}}}
    elif data.event_id in _USER_DATA:
        section = {"UserData": {_USER_DATA[data.event_id]: data.data}}
    system = {
        "Provider": {"#attributes": {"Name": data.provider or channel.provider}},
        "EventID": data.event_id,
        "Version": 0,
        "Level": data.level,
        "Keywords": "0x8000000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": _time(time)}},
        "EventRecordID": channel.first + number,
        "Channel": channel.channel,
        "Computer": host.full_name,
        "Security": None,
    }
    event = {"Event": {"System": system, **section}}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"


def _xml(channel: Channel, host: Host, time: int, data: Event, number: int) -> str:
    if isinstance(data.data, list):
        inner = "".join(f"<Data>{escape(value)}</Data>" for value in data.data)
    else:
        inner = "".join(
            f"<Data Name={quoteattr(name)}>{escape(str(value))}</Data>"
            for name, value in data.data.items()
        )
    body = f"<EventData>{inner}</EventData>"
    if data.event_id in _USER_DATA and isinstance(data.data, Mapping):
        name = _USER_DATA[data.event_id]
        parts = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in data.data.items())
        body = f"<UserData><{name}>{parts}</{name}></UserData>"
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name={quoteattr(data.provider or channel.provider)}/>"
        f"<EventID>{data.event_id}</EventID><Version>0</Version><Level>{data.level}</Level>"
        f"<Task>0</Task><TimeCreated SystemTime='{_time(time)}'/>"
        f"<EventRecordID>{channel.first + number}</EventRecordID>"
        f"<Channel>{escape(channel.channel)}</Channel><Computer>{host.full_name}</Computer>"
        f"<Security/></System>{body}</Event>\n"
    )


def _time(time: int) -> str:
    return f"{moment(time):%Y-%m-%dT%H:%M:%S}.{time % SECOND:06d}Z"


def _layout(channel: Channel) -> Layout:
    name = channel.channel.replace("/", "%4")
    ending = "xml" if channel.xml else "jsonl"
    path = f"C/Windows/System32/winevt/Logs/{name}.{ending}"
    return Layout(
        channel.log,
        lambda time: path,
        lambda time: "",
        partial(_xml if channel.xml else _json, channel),
    )


LAYOUTS = tuple(map(_layout, CHANNELS))
