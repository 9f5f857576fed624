"""The lists of web files in collections (docs/collector.md): who owns a page, when it was created.

A list may have a hundred thousand files, and a scan many lists: kept are the pages, and what was
judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from itertools import islice

from exward.model.skipped import Skipped
from exward.posture import plain
from exward.posture.data import Data
from exward.posture.readers.interface import Told
from exward.posture.row import Row, rows
from exward.webshells import page
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.listing import Listed, copy_path
from exward.webshells.belonging.owners import owner_of
from exward.webshells.belonging.places import folded
from exward.webshells.served import EXTENSIONS

AREA = "web-files"
MAX_ROWS = 300_000
"""Files of one list that are looked at; readers of JSON end before, at 64 MiB."""
MAX_LISTED = 500_000
"""Files of all lists that are kept; more are counted as not read."""
MAX_PATH_CHARS = 1_000
_IN_COLLECTION = re.compile(r"(?:(?<![^/\\!])inventory[/\\])?[^/\\!]*$")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def lists(told: Iterable[Told]) -> tuple[Told, ...]:
    """The lists among what inventories tell, in an order that is always the same."""
    found = (one for one in told if one.area.lower() == AREA)
    return tuple(sorted(found, key=lambda one: one.source))


def read(found: Sequence[Told], paths: Iterable[str]) -> tuple[list[Listed], list[Skipped]]:
    """The files of the lists that are pages, or lie at one of the paths; and what was left out."""
    held = {folded(path) for path in paths} if found else set()
    kept: list[Listed] = []
    lost = []
    for told in found:
        value = told.value.value if isinstance(told.value, Data) else told.value
        files = plain.listed(value)
        home = _IN_COLLECTION.sub("", told.source)
        wanted = (_listed(home, row, held) for row in rows(files[:MAX_ROWS]))
        room = MAX_LISTED - len(kept)
        own = list(islice((one for one in wanted if one is not None), room + 1))
        kept += own[:room]
        if len(own) > room or len(files) > MAX_ROWS:
            reason = "not all of this list of web files was looked at: it has too many"
            lost.append(Skipped(told.source, None, reason))
    return kept, lost


def _listed(home: str, row: Row, held: Set[str]) -> Listed | None:
    """One file of a list; None for one that is no page, of which there is no copy either."""
    origin = row.text("Path") or ""
    path = copy_path(home, origin) if len(origin) <= MAX_PATH_CHARS else ""
    is_page = page.extension_of(path) in EXTENSIONS
    if not path or not (is_page or folded(path) in held):
        return None
    digest = (row.text("Sha256") or "").lower()
    file = WebFile(
        path=path,
        sha256=digest if _SHA256.fullmatch(digest) else "",
        modified=row.moment("Modified"),
        created=row.moment("Created"),
        owner=owner_of(row.text("Owner") or "", row.text("OwnerSid") or ""),
    )
    return Listed(home, file)
