"""IIS W3C log lines of an Exchange front end, in the default column order."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

FIELDS = (
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
)
SERVER_IP = "10.0.0.5"
BROWSER = "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36"


class Request(NamedTuple):
    """One request; the defaults are those of an anonymous GET that was answered."""

    stem: str
    query: str = "-"
    method: str = "GET"
    client: str = "203.0.113.20"
    user: str = "-"
    agent: str = BROWSER
    status: int = 200
    substatus: int = 0
    win32: int = 0
    port: int = 443
    server: str = SERVER_IP
    referer: str = "-"
    taken_ms: int = 46


def header(moment: datetime) -> str:
    """The four lines that begin a block."""
    return (
        "#Software: Microsoft Internet Information Services 10.0\n"
        "#Version: 1.0\n"
        f"#Date: {moment:%Y-%m-%d %H:%M:%S}\n"
        f"#Fields: {FIELDS}\n"
    )


def line(moment: datetime, request: Request) -> str:
    """One request as logged, without line feed."""
    return (
        f"{moment:%Y-%m-%d %H:%M:%S} {request.server} {request.method} {request.stem} "
        f"{request.query} {request.port} {request.user} {request.client} {request.agent} "
        f"{request.referer} {request.status} {request.substatus} {request.win32} "
        f"{request.taken_ms}"
    )
