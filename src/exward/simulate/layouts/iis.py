"""IIS logs of the front end (site 1) and the back end (site 2), with IIS 10's default columns."""

from __future__ import annotations

from typing import NamedTuple

from exward.simulate.layouts.interface import Layout, daily
from exward.simulate.world import Host, iso, moment


class Line(NamedTuple):
    """One request as IIS logs it; texts as they are, blanks become plus signs."""

    method: str
    stem: str
    query: str
    port: int
    user: str
    client: str
    agent: str
    status: int
    substatus: int = 0
    win32: int = 0
    taken_ms: int = 12
    server: str = ""


def header(time: int) -> str:
    """What IIS writes when it begins a file."""
    return (
        "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
        f"#Date: {moment(time):%Y-%m-%d %H:%M:%S}\r\n"
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
        "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n"
    )


def line(host: Host, time: int, data: Line, number: int) -> str:
    """The request in the order of the columns."""
    del number
    user = data.user.replace(" ", "+") or "-"
    return (
        f"{iso(time)[:19].replace('T', ' ')} {data.server or host.address} {data.method} "
        f"{data.stem.replace(' ', '%20')} {data.query or '-'} {data.port} {user} "
        f"{data.client} {data.agent.replace(' ', '+') or '-'} - {data.status} {data.substatus} "
        f"{data.win32} {data.taken_ms}\r\n"
    )


_FOLDER = "C/inetpub/logs/LogFiles"
LAYOUTS = (
    Layout("iis-front", daily(_FOLDER + "/W3SVC1/u_ex{}.log", "%y%m%d"), header, line),
    Layout("iis-back", daily(_FOLDER + "/W3SVC2/u_ex{}.log", "%y%m%d"), header, line),
)
