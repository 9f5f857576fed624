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


def newer(trusted: Iterable[WebFile]) -> Callable[[WebFile], str]:
    """Make a function that says how much newer a file is than the trusted ones; "" if it is not.

    It is compared with its folder, or, where too few lie there, with the whole installation.
    """
    beside: defaultdict[str, list[int]] = defaultdict(list)
    installed: defaultdict[str, list[int]] = defaultdict(list)
    for one in trusted:
        place = place_of(one.path)
        if place is not None and one.modified is not None:
            beside[place.root + place.path.rpartition("/")[0]].append(one.modified)
            if place.is_exchange:
                installed[place.root].append(one.modified)

    def say(file: WebFile) -> str:
        place = place_of(file.path)
        if place is None or file.modified is None:
            return ""
        near = beside.get(place.root + place.path.rpartition("/")[0], [])
        if len(near) >= FEWEST_BESIDE:
            return _said(file.modified, near, "pages in its folder")
        all_of = installed.get(place.root, [])
        if len(all_of) >= FEWEST_INSTALLED:
            return _said(file.modified, all_of, "pages of the installation")
        return ""

    return say


def _said(modified: int, others: list[int], what: str) -> str:
    days = (modified - max(others)) // DAY
    if days < 1:
        return ""
    return f"it is {days:,} {'day' if days == 1 else 'days'} newer than the {len(others):,} {what}"
