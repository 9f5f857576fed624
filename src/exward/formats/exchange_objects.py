"""What Exchange's own cmdlets say of its set-up, as any export writes it: one record an object.

Two kinds are taken, because intruders stay in them: transport agents (`Get-TransportAgent`, and
the file they stand in) and the addresses of virtual directories (`Get-OabVirtualDirectory` and its
like; of a directory dump `msExchInternalHostName` and `msExchExternalHostName`, [MS-ADA2]). A
snapshot, not a log: no record has a time. Names are the cmdlets' (Microsoft Learn).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import orjson

from exward.formats import json_shapes, nested_values
from exward.formats.record_batch import Losses, Record
from exward.model.records import EventType, Fields

TRANSPORT_AGENT = EventType("exchange.transport-agent")
VIRTUAL_DIRECTORY = EventType("exchange.virtual-directory")
FOREIGN = "objects of other kinds"
MAX_OBJECTS = 100_000
"""In one envelope."""

_IN_DIRECTORY = {
    "msexchinternalhostname": "InternalUrl",
    "msexchexternalhostname": "ExternalUrl",
    "distinguishedname": "Identity",
    "dn": "Identity",
}
_URI = ("OriginalString", "AbsoluteUri")
_SERVER = re.compile(r"(?:CN=)?([A-Za-z0-9_.-]{1,255})")


def kind_of(entry: object) -> EventType | None:
    """Tell what an object is from the names of its properties; None if it is neither kind."""
    if not isinstance(entry, Mapping):
        return None
    if "TransportAgentFactory" in entry and "AssemblyPath" in entry:
        return TRANSPORT_AGENT
    if "ExternalUrl" in entry and "InternalUrl" in entry and "Server" in entry:
        return VIRTUAL_DIRECTORY
    names = {str(name).lower() for name in entry}
    told = names & {"msexchinternalhostname", "msexchexternalhostname"}
    return VIRTUAL_DIRECTORY if told else None


def inside(value: object, server: str = "") -> Iterator[tuple[object, str]]:
    """The objects in what is wrapped around them, each with the server the wrapping names."""
    for found in json_shapes.records_of(value):
        if isinstance(found, Mapping) and "area" in found and "data" in found:
            data = found["data"]
            named = found.get("server")
            listed = data if isinstance(data, list) else [data]
            for one in listed[:MAX_OBJECTS]:
                yield one, named if isinstance(named, str) else server
        else:
            yield found, server


def records(
    objects: Iterable[tuple[int, object, str]], losses: Losses, *, all_expected: bool = True
) -> Iterator[Record]:
    """Records of (position, object, server).

    Objects of other kinds are counted as not read, unless a file has many of them by its nature
    (`all_expected` False).
    """
    for number, entry, server in objects:
        kind = kind_of(entry)
        if kind is None or not isinstance(entry, Mapping):
            if all_expected:
                losses.foreign(number, FOREIGN)
            continue
        fields = _fields(entry)
        named = server or _server(fields)
        yield Record(orjson.dumps(fields, default=str).decode(), kind, None, number, named)


def _fields(entry: Mapping[str, object]) -> Fields:
    fields: Fields = {}
    for name, value in entry.items():
        name = str(name)
        nested_values.add(fields, _IN_DIRECTORY.get(name.lower(), name), _plain(value))
    return fields


def _plain(value: object) -> object:
    """An address as it was written, a truth value as a word."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return next((value[name] for name in _URI if isinstance(value.get(name), str)), value)
    return value


def _server(fields: Fields) -> str:
    found = _SERVER.fullmatch(str(fields.get("Server") or "").strip())
    return "" if found is None else found[1]
