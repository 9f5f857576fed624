"""From objects that PowerShell exported to facts: what the three forms of export share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from exward.access.exports import file_names, registry
from exward.access.exports.interface import Context
from exward.access.facts import Fact, Place
from exward.model.skipped import Skipped

FOREIGN = "objects that say nothing of groups, rights or roles"
_MAX_NESTING = 3


def unwrapped(value: object, group: str = "") -> Iterator[tuple[object, str]]:
    """The objects inside of what was exported, each with the group that a key around it names.

    A collector writes `{"area": …, "data": […]}`, PowerShell 5.1 `{"value": […], "Count": 3}`,
    people `{"Domain Admins": […]}`; a single member is a bare object.
    """
    yield from _unwrapped(value, group, _MAX_NESTING)


def _unwrapped(value: object, group: str, depth: int) -> Iterator[tuple[object, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _unwrapped(one, group, depth)
    elif not isinstance(value, Mapping) or registry.kind_of(value) is not None or depth == 0:
        yield value, group
    else:
        lists = {name: one for name, one in value.items() if isinstance(one, list | Mapping)}
        if not lists:
            yield value, group
        for name, one in lists.items():
            known = name.casefold() in {"data", "value"}
            yield from _unwrapped(one, group if known else str(name), depth - 1)


def is_known(value: object) -> bool:
    """Whether the first objects inside are of a kind that is read."""
    for _, (one, _) in zip(range(3), unwrapped(value), strict=False):
        if registry.kind_of(one) is not None:
            return True
    return False


def facts(source: str, values: Iterable[tuple[int, object, str]]) -> Iterator[Fact | Skipped]:
    """Yield the facts of (position, value, reason why there is none), and what was lost."""
    named = file_names.group_of(source)
    lost: Counter[str] = Counter()
    first: dict[str, int] = {}
    for position, value, reason in values:
        if reason:
            yield Skipped(source, position, reason, 1)
            continue
        for one, group in unwrapped(value, named):
            place = Place(source, position)
            known = False
            for fact in registry.facts_of(one, Context(place, group)):
                known = True
                if isinstance(fact, str):
                    lost[fact] += 1
                    first.setdefault(fact, position)
                else:
                    yield fact
            if not known and one not in (None, {}, []):
                lost[FOREIGN] += 1
                first.setdefault(FOREIGN, position)
    for reason, count in lost.items():
        yield Skipped(source, first[reason], reason, count)
