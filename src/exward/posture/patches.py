"""Which release a build is, what is missing, and which vulnerabilities its number leaves open.

Builds are ordered by their four numbers; the third tells the cumulative update. A build that no
table lists counts as the nearest listed one below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from exward.model.posture import Precision, ServerPosture, Support, Update
from exward.posture import build as builds
from exward.posture.build import Build
from exward.posture.facts import BuildFact, Cve, Facts
from exward.posture.inventory import BuildReading, Inventory

_BASES = frozenset({"RTM", "CU", "SP"})
_UPDATES = frozenset({"SU", "HU", "RU"})
_ORDER = (Precision.EXACT, Precision.CU_ONLY, Precision.UNKNOWN)
_Numbers = tuple[int, int, int, int]


class ByBuild(Enum):
    """What a build alone says of a vulnerability."""

    EXPOSED = 1
    NO_FIX = 2
    """Exposed, and there is no fix for this cumulative update."""
    FIXED = 3
    NOT_AFFECTED = 4
    NOT_ASSESSED = 5
    """The product was out of support when the fix came: the vendor did not look."""
    NO_DATA = 6


@dataclass(frozen=True, slots=True)
class Release:
    """The release that a build is, or follows; `listed` if the tables have this very build."""

    fact: BuildFact
    base: BuildFact
    build: Build
    listed: bool


def best_reading(inventory: Inventory) -> BuildReading | None:
    """The most telling reading of a server's build; of equal ones the latest, then the highest."""
    return max(
        inventory.builds,
        key=lambda one: (-_ORDER.index(one.precision), one.collected or 0, one.build.numbers),
        default=None,
    )


@lru_cache(maxsize=1_024)  # a fleet has a few builds, and each is asked for several times
def release_of(build: Build, facts: Facts) -> Release | None:
    """Find a build's release; None if it is of no product in the tables.

    Three numbers, of a path or so, tell the cumulative update: it counts as its first release.
    """
    if build.revision is None and (own := _first_of(build, facts)) is not None:
        return own
    below: tuple[_Numbers, BuildFact] | None = None
    base: tuple[_Numbers, BuildFact] | None = None
    for rows in facts.builds.values():
        for row in rows:
            number = row.number
            if number[:2] != build[:2] or number.numbers > build.numbers:
                continue
            if row.kind in _BASES and (base is None or number.numbers > base[0]):
                base = number.numbers, row
            if below is None or number.numbers > below[0]:
                below = number.numbers, row
    if below is None:
        return None
    base = base or below  # a preview, older than the first release
    fact = below[1] if below[1].product == base[1].product else base[1]
    return Release(fact, base[1], build, below[0] == build.numbers)


def _first_of(build: Build, facts: Facts) -> Release | None:
    for rows in facts.builds.values():
        for row in rows:
            if row.kind in _BASES and row.number[:3] == build[:3]:
                return Release(row, row, row.number, listed=False)
    return None


def by_build(release: Release, cve: Cve, facts: Facts) -> ByBuild:
    """Judge one vulnerability by the build alone."""
    product = release.base.product
    if product not in cve.affected and product not in cve.fixed:
        return _not_named(product, cve, facts)
    at = release.build.numbers
    fixed = cve.fixed.get(product, {})
    if (first := fixed.get(release.base.cu)) is not None:
        if at < _number(first):
            return ByBuild.EXPOSED
        return ByBuild.FIXED
    contained = cve.contained_from.get(product)
    if contained is not None and at >= _number(contained):
        return ByBuild.FIXED
    if not fixed and contained is None:
        return ByBuild.NO_DATA
    oldest = min(map(_number, fixed.values()), default=None)
    return ByBuild.NO_FIX if oldest is None or at < oldest else _between(at, fixed)


def _between(at: _Numbers, fixed: dict[str, str]) -> ByBuild:
    newest = max(map(_number, fixed.values()))
    # A cumulative update that came after the last one listed has the fix from the start.
    return ByBuild.FIXED if at[:3] > newest[:3] else ByBuild.EXPOSED


def _not_named(product: str, cve: Cve, facts: Facts) -> ByBuild:
    if not cve.affected and not cve.fixed:
        return ByBuild.NO_DATA
    known = facts.products.get(product)
    if known is not None and known.ended and cve.fix_date and known.ended < cve.fix_date:
        return ByBuild.NOT_ASSESSED
    return ByBuild.NOT_AFFECTED


def is_doubtful(release: Release, cve: Cve, facts: Facts) -> bool:
    """Whether the build is that of an update which raised the number and fixed others only."""
    return any(
        one.su == release.fact.su
        and one.product == release.base.product
        and release.base.cu in one.cus
        and cve.cve not in one.cves
        for one in facts.special
    )


def _number(text: str) -> _Numbers:
    parsed = builds.parse(text)
    return (0, 0, 0, 0) if parsed is None else parsed.numbers


def missing(release: Release, precision: Precision, facts: Facts) -> tuple[Update, ...]:
    """What to install, in order: the newest cumulative update, then its newest security update."""
    rows = [row for row in facts.builds.get(release.base.product, ()) if row.kind != "Preview"]
    bases = [row for row in rows if row.kind in _BASES]
    target = _kept(release, rows, bases)
    steps = [] if target.cu == release.base.cu else [target]
    newest = [row for row in rows if row.cu == target.cu and row.kind in _UPDATES]
    lacks = bool(steps) or precision is not Precision.EXACT
    if newest and (lacks or newest[-1].number.numbers > release.build.numbers):
        steps.append(newest[-1])
    return tuple(map(_update, steps))


def _kept(release: Release, rows: list[BuildFact], bases: list[BuildFact]) -> BuildFact:
    """The own cumulative update as long as it gets updates, else the newest one."""
    newest_day = max((row.released for row in rows if row.kind in _UPDATES), default="")
    kept = {row.cu for row in rows if row.released == newest_day and row.kind in _UPDATES}
    return release.base if release.base.cu in kept else bases[-1]


def _update(row: BuildFact) -> Update:
    return Update(row.label, row.build, row.released, row.kb)


def days_behind(release: Release, facts: Facts, today: date) -> int:
    """Days since the first release of the product that is newer than the installed one; else 0."""
    later = [
        row.released
        for row in facts.builds.get(release.base.product, ())
        if row.kind != "Preview"
        and row.number.numbers > release.build.numbers
        and row.released > release.fact.released
    ]
    return max(0, (today - date.fromisoformat(min(later))).days) if later else 0


def support_of(product: str, facts: Facts, today: date) -> tuple[Support, str]:
    """Whether a product gets updates on a day, and the day on which updates for all ended."""
    known = facts.products.get(product)
    if known is None:
        return Support.UNKNOWN, ""
    if not known.ended or today.isoformat() <= known.ended:
        return Support.SUPPORTED, known.ended
    paid = bool(known.paid_until) and today.isoformat() <= known.paid_until
    return (Support.PAID if paid else Support.ENDED), known.ended


def posture_of(inventory: Inventory, facts: Facts, today: date) -> ServerPosture:
    """Everything that the build of one server tells."""
    reading = best_reading(inventory)
    release = None if reading is None else release_of(reading.build, facts)
    if reading is None or release is None:
        return ServerPosture(
            inventory.server, "", "" if reading is None else str(reading.build), "", "", "",
            Precision.UNKNOWN, False, Support.UNKNOWN, "", None, (),
            tuple(_places(reading)), facts.as_of.isoformat(),
        )  # fmt: skip
    exact = reading.precision is Precision.EXACT
    support, ended = support_of(release.base.product, facts, today)
    return ServerPosture(
        server=inventory.server,
        product=release.base.product,
        build=str(reading.build),
        label=release.fact.label if exact else release.base.label,
        cu=release.base.cu,
        su=release.fact.su if exact else "",
        precision=reading.precision,
        listed=release.listed and exact,
        support=support,
        support_end=ended,
        days_behind=days_behind(release, facts, today) if exact else None,
        missing=missing(release, reading.precision, facts),
        read_from=tuple(_places(reading)),
        facts_as_of=facts.as_of.isoformat(),
    )


def _places(reading: BuildReading | None) -> Iterator[str]:
    if reading is not None:
        place = "" if reading.position is None else f":{reading.position}"
        yield f"{reading.told_by}: {reading.source}{place}"
