"""What was seen from outside as an area of an inventory (docs/collector.md), for `exward posture`.

Exchange names the server that answered (`X-FEServer`); where a proxy takes that away, the area
names none and belongs to the server of the folder that it is put into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from exward.formats.collected import SCHEMA
from exward.posture.outside.endpoints import BY_NAME
from exward.posture.outside.reach import Reach, reached
from exward.posture.outside.seen import Seen

AREA = "outside"
# NetBIOS names: learn.microsoft.com/troubleshoot/windows-server/active-directory/
# naming-conventions-for-computer-domain-site-ou
_SERVER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_MAX_SERVERS = 64
_CLOSED = frozenset({Reach.BLOCKED, Reach.ELSEWHERE})


class Document(NamedTuple):
    """A file to write: its name, without anything that a path could mean, and what is in it."""

    name: str
    content: dict[str, object]


def documents(seen: Seen, collected: str) -> Iterator[Document]:
    """Yield one document for each server that answered; `collected` is the time, ISO 8601."""
    data = [
        {"Port": port, "Open": is_open, **(_services(seen) if port == seen.port else {})}
        for port, is_open in ({seen.port: True} | dict(seen.ports)).items()
    ]
    for server in _servers(seen) or ("",):
        name = server or re.sub(r"[^A-Za-z0-9.-]", "_", seen.server)
        content: dict[str, object] = {
            "schema": SCHEMA, "area": AREA, "server": server, "collected": collected, "data": data,
        }  # fmt: skip
        yield Document(f"{AREA}-{name}.json", content)


def _services(seen: Seen) -> dict[str, object]:
    """Paths that Exchange answers at, and such that it or somebody in front refuses."""
    found = {one.path: reached(seen, name).reach for name, one in BY_NAME.items()}
    return {
        "Reached": [path for path, reach in found.items() if reach is Reach.OPEN],
        "Refused": [path for path, reach in found.items() if reach in _CLOSED],
    }


def _servers(seen: Seen) -> tuple[str, ...]:
    values = (value for one in seen.every_reply() for value in one.values("X-FEServer"))
    told = {value.strip().upper() for value in values}
    return tuple(sorted(name for name in told if _SERVER.fullmatch(name)))[:_MAX_SERVERS]
