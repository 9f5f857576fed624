"""The XML that Microsoft's HealthChecker saves for each server (CSS-Exchange, CLIXML).

Members, from HealthChecker's public source (https://microsoft.github.io/CSS-Exchange): the server
object has `ServerName`, `GenerationTime`, `ExchangeInformation` and `OrganizationInformation`;
members called `GetExchangeServer` and the like hold what the cmdlet `Get-ExchangeServer` gave;
`ExchangeSetup` (older: `ExSetupDetails`) is the file information of ExSetup.exe. They moved about
between versions, so they are looked for by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exward.formats import clixml, text_encoding
from exward.formats.whole_file import utf8_of
from exward.model.errors import EvidenceError
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import plain
from exward.posture.readers import objects
from exward.posture.readers.interface import Told
from exward.posture.row import Row

NAME = "health-checker"
TITLE = "HealthChecker's XML"
_MARKS = (b"HealthChecker.HealthCheckerExchangeServer", b'N="HealthCheckerExchangeServer"')
_MEMBERS = (b'N="ExchangeInformation"', b'N="ServerName"')
_CMDLET = re.compile(r"Get([A-Z][A-Za-z]{2,60})")
_SETUP = ("ExchangeSetup", "ExSetupDetails")
MAX_DEPTH = 8


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is CLIXML with HealthChecker's type or members."""
    del path
    text = text_encoding.utf8_head(head)
    if b"<Objs" not in text[:600]:
        return False
    return any(mark in text for mark in _MARKS) or all(name in text for name in _MEMBERS)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield what each server object tells."""
    found = False
    for item in clixml.objects([utf8_of(source)]):
        if item.reason:
            yield Skipped(source.path, item.line, item.reason, 1)
        for server in _servers(item.value, MAX_DEPTH):
            found = True
            yield from _told(Row(server), source.path, item.line)
    if not found:
        raise EvidenceError("holds no server of HealthChecker's", "export it again")


def _servers(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    """Every object that has the members of a server."""
    if isinstance(value, Mapping):
        row = Row(value)
        if "ExchangeInformation" in row and row.text("ServerName"):
            yield value
        elif depth:
            for member in value.values():
                yield from _servers(member, depth - 1)
    elif isinstance(value, list) and depth:
        for member in value:
            yield from _servers(member, depth - 1)


def _told(server: Row, source: str, line: int) -> Iterator[Told]:
    name = server.text("ServerName") or ""
    made = server.moment("GenerationTime")
    for member in ("ExchangeInformation", "OrganizationInformation"):
        for key, value in _members(server.raw(member), MAX_DEPTH):
            if (cmdlet := _CMDLET.fullmatch(key)) is not None and value is not None:
                yield Told(
                    name, source, f"Get-{cmdlet[1]}", list(plain.listed(value)), collected=made
                )
            elif key in _SETUP and isinstance(value, Mapping):
                version = Row(value).raw("FileVersion")
                said = objects.reading(
                    version, Precision.EXACT, "version of ExSetup.exe", source, line
                )
                if said is not None:
                    yield Told(name, source, build=said)
    yield from _displayed(server, name, source, line)


def _displayed(server: Row, name: str, source: str, line: int) -> Iterator[Told]:
    """AdminDisplayVersion, in case the version of the file could not be had."""
    for key, value in _members(server.raw("ExchangeInformation"), MAX_DEPTH):
        if key == "AdminDisplayVersion":
            said = objects.reading(value, Precision.CU_ONLY, "AdminDisplayVersion", source, line)
            if said is not None:
                yield Told(name, source, build=said)
                return


def _members(value: object, depth: int) -> Iterator[tuple[str, object]]:
    """Every member below an object, by name; lists are not entered."""
    if not isinstance(value, Mapping) or not depth:
        return
    for key, member in value.items():
        yield str(key), member
        yield from _members(member, depth - 1)
