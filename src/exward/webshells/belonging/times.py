"""How much newer a file is than what lies beside it. Times are µs since 1970-01-01 UTC.

A file's time can be set to any value: an old time proves nothing, a new one is worth a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.places import place_of

DAY = 86_400_000_000
FEWEST_BESIDE = 2
FEWEST_INSTALLED = 3


Say = Callable[[WebFile], str]


def newer(trusted: Iterable[WebFile]) -> Say:
    """Make a function that says how much newer a file is than the trusted ones; "" if it is not.

    It is compared with its folder, or, where too few lie there, with the whole installation. When
    it was created counts if its last change says nothing: that is the time that is forged most.
    """
    held = tuple(trusted)
    changed = _compared(held, lambda one: one.modified, "it is {} newer than")
    created = _compared(held, lambda one: one.created, "it was created {} after")
    return lambda file: changed(file) or created(file)


def _compared(
    trusted: Iterable[WebFile], time_of: Callable[[WebFile], int | None], as_: str
) -> Say:
    """Make the function for one of the times, and the words around the number of days."""
    beside: defaultdict[str, list[int]] = defaultdict(list)
    installed: defaultdict[str, list[int]] = defaultdict(list)
    for one in trusted:
        place, time = place_of(one.path), time_of(one)
        if place is not None and time is not None:
            beside[place.root + place.path.rpartition("/")[0]].append(time)
            if place.is_exchange:
                installed[place.root].append(time)

    def say(file: WebFile) -> str:
        place, time = place_of(file.path), time_of(file)
        if place is None or time is None:
            return ""
        near = beside.get(place.root + place.path.rpartition("/")[0], [])
        others, what = near, "pages in its folder"
        if len(near) < FEWEST_BESIDE:
            others, what = installed.get(place.root, []), "pages of the installation"
            if len(others) < FEWEST_INSTALLED:
                return ""
        days = (time - max(others)) // DAY
        said = as_.format(f"{days:,} {'day' if days == 1 else 'days'}")
        return f"{said} the {len(others):,} {what}" if days >= 1 else ""

    return say
