"""HTTPERR logs of http.sys."""

from __future__ import annotations

from exward.simulate.layouts.interface import Layout
from exward.simulate.world import Host, moment


def _header(time: int) -> str:
    return (
        "#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n"
        f"#Date: {moment(time):%Y-%m-%d %H:%M:%S}\r\n"
        "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status "
        "s-siteid s-reason s-queuename transport\r\n"
    )


def _line(host: Host, time: int, data: tuple[str, str, str, str, str], number: int) -> str:
    """Client, method, URI, status, reason."""
    client, method, uri, status, reason = data
    return (
        f"{moment(time):%Y-%m-%d %H:%M:%S} {client} {50_000 + number % 9000} {host.address} 443 "
        f"HTTP/1.1 {method} {uri} - {status} - {reason} - TCP\r\n"
    )


LAYOUTS = (
    Layout(
        "httperr", lambda time: "C/Windows/System32/LogFiles/HTTPERR/httperr1.log", _header, _line
    ),
)
