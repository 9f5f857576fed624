"""Whether a server's build is new enough for a feature that came with an update.

An update has one build for each cumulative update it was made for; those after the last of them
have it from the start.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from exward.model.posture import Precision
from exward.posture import build, facts
from exward.posture.facts import BuildFact, Facts
from exward.posture.inventory import Inventory
from exward.posture.patches import best_reading, release_of


def reaches(inventory: Inventory, first: Iterable[str]) -> bool | None:
    """Compare with `first`, the first builds that have it; a product without any never had it.

    None: the build is not known, or only its cumulative update, and that does not decide.
    """
    reading = best_reading(inventory)
    if reading is None:
        return None
    at = reading.build
    parsed = [one for one in map(build.parse, first) if one is not None and one[:2] == at[:2]]
    own = [one for one in parsed if one[:3] == at[:3]]
    if not own:
        return bool(parsed) and at[:3] > max(parsed)[:3]
    if reading.precision is Precision.EXACT:
        return at.numbers >= own[0].numbers
    # Without its revision the cumulative update has it only if it came with it.
    return True if at.numbers >= own[0].numbers else None


def product(inventory: Inventory) -> str | None:
    """The product as the facts call it, `Exchange Server 2019`; None: the build is not known."""
    base = _base(inventory)
    return None if base is None else base.product


def directory_levels(inventory: Inventory) -> dict[str, int] | None:
    """Versions of `schema`, `organization` and `domain` that the cumulative update brings."""
    base = _base(inventory)
    known = None if base is None else _shipped().products.get(base.product)
    return None if base is None or known is None else known.levels.get(base.cu)


def _base(inventory: Inventory) -> BuildFact | None:
    reading = best_reading(inventory)
    release = None if reading is None else release_of(reading.build, _shipped())
    return None if release is None else release.base


@cache
def _shipped() -> Facts:
    """Products and cumulative updates of the past do not change: the package's tables will do."""
    return facts.load()
