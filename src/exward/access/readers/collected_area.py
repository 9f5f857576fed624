"""Areas of a collection (docs/collector.md) that say who may do what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from exward.access.areas import registry
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties, listed
from exward.access.facts import Fact, Place
from exward.formats import collected
from exward.formats.whole_file import json_value
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "collected-area"
TITLE = "Groups, accounts, rights and roles of a collected inventory"

NO_OBJECT = "rows that are no objects"


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is an area that one of `access/areas` reads."""
    del path
    return collected.area_named(head).casefold() in registry.readers()


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of all objects; positions count them."""
    area = collected.read_area(source, json_value)
    facts = registry.readers().get(area.name.casefold())
    if facts is None:
        return
    lost: Counter[str] = Counter()
    first: dict[str, int] = {}
    for number, value in enumerate(listed(area.data), 1):
        context = Context(Place(source.path, number), "", area.server)
        found: Iterator[Fact | str] = iter((NO_OBJECT,))
        if isinstance(value, Mapping):
            found = facts(Properties(value), context)
        for fact in found:
            if isinstance(fact, str):
                lost[fact] += 1
                first.setdefault(fact, number)
            else:
                yield fact
    for reason, count in lost.items():
        yield Skipped(source.path, first[reason], reason, count)
    for missing in area.errors:
        yield Skipped(source.path, None, f"the collector could not read: {missing}")
