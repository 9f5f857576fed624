"""Collections in a scan: comparing them is work like reading, and they name servers of logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from exward.incidents.addresses import parse_address
from exward.incidents.attribution import host_key
from exward.model.coverage import SourceCoverage
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.posture.manifest import Collections, roots
from exward.scan.tasks import CHECK, Task


def checks(found: Collections) -> Iterator[Task | Skipped]:
    """What is left to do: a task for each file that has to be compared; and what is missing."""
    for item in found.compared(lambda _path: True):
        if isinstance(item, Skipped):
            yield item
        else:
            size = item.source.size_bytes or 0
            yield Task(item.source, CHECK, Part(0, 1), size, item.digest)


def named(found: Collections, rows: Iterable[SourceCoverage]) -> tuple[SourceCoverage, ...]:
    """The rows; one whose log names no host has the server of the collection it lies in."""
    return tuple(replace(row, server=_server_of(found, row)) for row in rows)


def _server_of(found: Collections, row: SourceCoverage) -> str:
    if (key := host_key(row.server)) and parse_address(key) is None:
        return row.server
    around = roots(row.source.replace("\\", "/"))
    return next((found.servers[root] for root in around if found.servers.get(root)), row.server)
