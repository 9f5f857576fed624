"""Objects that PowerShell showed, whatever they were saved as: cmdlets' results and versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exward.formats.whole_file import name_of
from exward.model.posture import Precision
from exward.posture import build, plain
from exward.posture.inventory import BuildReading
from exward.posture.readers.interface import Told
from exward.posture.row import Row, rows

_CMDLET = re.compile(r"(Get-[A-Z][A-Za-z]{2,60})", re.IGNORECASE)
_TYPE = re.compile(
    rb"(?:Deserialized\.)?Microsoft\.Exchange\.[\w.]{0,200}?\.(\w{3,60})(?=[<\"\s;,#]|$)"
)
# Types whose cmdlet is not `Get-` and the type's name.
_TYPE_NAMES = {
    "ADOrganizationConfig": "OrganizationConfig",
    "ADOwaVirtualDirectory": "OwaVirtualDirectory",
    "ADEcpVirtualDirectory": "EcpVirtualDirectory",
    "ADWebServicesVirtualDirectory": "WebServicesVirtualDirectory",
    "ADMobileVirtualDirectory": "ActiveSyncVirtualDirectory",
    "ADOabVirtualDirectory": "OabVirtualDirectory",
    "ADMapiVirtualDirectory": "MapiVirtualDirectory",
    "ADPowerShellVirtualDirectory": "PowerShellVirtualDirectory",
    "ADAutodiscoverVirtualDirectory": "AutodiscoverVirtualDirectory",
    "SmtpSendConnectorConfig": "SendConnector",
}
# `Get-Command ExSetup` is often shortened; its result is told by its members, not by a name.
_SETUP = "exsetup.exe"


def area_of(path: str, head: bytes) -> str:
    """The cmdlet that a file is named for, or that its type of objects comes from; "" if none."""
    if (named := _CMDLET.search(name_of(path))) is not None:
        return named[1]
    if (typed := _TYPE.search(head)) is not None:
        name = typed[1].decode("ascii", "replace")
        return f"Get-{_TYPE_NAMES.get(name, name)}"
    return ""


def tells_version(head: bytes) -> bool:
    """Whether the file holds the version of ExSetup.exe, or servers with theirs."""
    lowered = head.lower()
    return (b"exsetup.exe" in lowered and b"fileversion" in lowered) or (
        b"admindisplayversion" in lowered
    )


def told(values: Sequence[object], area: str, source: str) -> Iterator[Told]:
    """Yield what a list of objects tells: the area, and builds that stand in it."""
    found = [row for value in values for row in rows(value)]
    versions = [one for row in found for one in _setup_versions(row)]
    if versions:
        yield from (_setup(server, value, source) for server, value in versions)
        return
    name = area or _area_by_members(found)
    if not name:
        return
    if name.lower() == "get-exchangeserver":
        yield from _servers(found, source)
        return
    collection = [member for value in values for member in plain.listed(value)]
    yield Told(_only_server(found), source, name, collection)


def _area_by_members(found: Sequence[Row]) -> str:
    if any("AdminDisplayVersion" in row and "ServerRole" in row for row in found):
        return "Get-ExchangeServer"
    return ""


def _only_server(found: Sequence[Row]) -> str:
    """The computer that all objects come from, if they say so and it is one."""
    names = {row.text("PSComputerName") or "" for row in found}
    return names.pop() if len(names) == 1 else ""


def _setup_versions(row: Row) -> Iterator[tuple[str, object]]:
    """The version in `Get-Command ExSetup` or its FileVersionInfo, and the computer it is of."""
    server = row.text("PSComputerName") or ""
    for one in (row, row.row("FileVersionInfo")):
        if one is None:
            continue
        place = next(filter(None, map(one.text, ("FileName", "Path", "Name"))), "")
        if place.lower().endswith(_SETUP) and (version := one.raw("FileVersion")) is not None:
            yield server, version
            return


def _setup(server: str, value: object, source: str) -> Told:
    return Told(
        server, source, build=reading(value, Precision.EXACT, "version of ExSetup.exe", source)
    )


def _servers(found: Sequence[Row], source: str) -> Iterator[Told]:
    """Each server's own row, and the build in it."""
    for row in found:
        server = row.text("Fqdn") or row.text("Name")
        if server:
            members = {name: row.raw(name) for name in row}
            yield Told(server, source, "Get-ExchangeServer", [members])
        said = reading(
            row.raw("AdminDisplayVersion"), Precision.CU_ONLY, "AdminDisplayVersion", source
        )
        if server and said is not None:
            yield Told(server, source, build=said)


def reading(
    value: object, precision: Precision, told_by: str, source: str, position: int | None = None
) -> BuildReading | None:
    """A build that was read; None if the value is none. Three numbers tell the CU only."""
    parsed = build.parse(value)
    if parsed is None:
        return None
    known = Precision.CU_ONLY if parsed.revision is None else precision
    return BuildReading(parsed, known, told_by, source, position)
