r"""What IIS's configuration says: elements, and what holds at one place of a site.

A setting of `location path="SITE/PATH"` wins over that of its parents, and these over the one for
the whole server (https://learn.microsoft.com/iis/get-started/planning-your-iis-architecture).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

_RULES = ("/rewrite/rules/rule", "/rewrite/globalrules/rule", "/rewrite/outboundrules/rule")
SITES = "system.applicationhost/sites/site"
FRONT, BACK = "default web site", "exchange back end"
PLACEHOLDER = "%exchangeinstalldir%"
"""What set-up replaces with Exchange's folder, in lower case."""
READ_FROM = "ReadFrom"
"""Member of every element: the file that it is in, with its folders."""
_HOST_FILE = "applicationhost.config"


@dataclass(frozen=True, slots=True)
class Directory:
    """A virtual directory: `SITE/PATH` in lower case, and the folder on disk as it is written."""

    site: str
    path: str
    folder: str


class Elements:
    """Elements of configuration files, found by the end of their path without reading them all."""

    __slots__ = ("_by_last", "_placed", "rows")

    def __init__(self, placed: Iterable[tuple[str, Row]]) -> None:
        self._placed = tuple(placed)
        self.rows = tuple(row for _, row in self._placed)
        self._by_last: defaultdict[str, list[tuple[str, Row]]] = defaultdict(list)
        for path, row in self._placed:
            self._by_last[path.rpartition("/")[2]].append((path, row))

    def __len__(self) -> int:
        return len(self.rows)

    def of_file(self, name: str) -> tuple[Elements, Elements]:
        """Those of the file of that name, in lower case, and those of all others."""
        own: list[tuple[str, Row]] = []
        others: list[tuple[str, Row]] = []
        for placed in self._placed:
            (own if file_of(placed[1]) == name else others).append(placed)
        return Elements(own), Elements(others)

    def ending(self, tail: str) -> Iterator[Row]:
        """Those whose path ends so; `tail` is in lower case and begins with a whole name or `/`."""
        for path, row in self._by_last.get(tail.rpartition("/")[2], ()):
            if path.endswith(tail):
                yield row


def elements(inventory: Inventory) -> Elements:
    """Every element of every configuration file; empty if none was collected."""
    rows = inventory.rows(IIS_CONFIG) or ()
    return inventory.once("iis", lambda: Elements((section(row), row) for row in rows))


def host_elements(inventory: Inventory) -> Elements:
    """Those of applicationHost.config."""
    return _by_file(inventory)[0]


def web_elements(inventory: Inventory) -> Elements:
    """Those of the files that lie in the folders of sites: web.config and its like."""
    return _by_file(inventory)[1]


def _by_file(inventory: Inventory) -> tuple[Elements, Elements]:
    every = elements(inventory)
    return inventory.once("iis/by file", lambda: every.of_file(_HOST_FILE))


def file_of(row: Row) -> str:
    """The name of the file, in lower case."""
    return (row.text("File") or "").lower()


def place_of(row: Row) -> str:
    """Which file the element is in, for people: every folder of a site has a web.config."""
    return row.text(READ_FROM) or row.text("File") or "?"


def section(row: Row) -> str:
    """The path of the element, in lower case."""
    return (row.text("Section") or "").lower()


def ending(found: Elements, *tails: str) -> tuple[Row, ...]:
    """The elements whose path ends in one of `tails`, in their order."""
    return tuple(row for tail in tails for row in found.ending(tail))


def within(row: Row) -> str:
    """What the element lies in, `default web site/owa`, in lower case."""
    parts = [part.strip("/") for part in (row.text("Within") or "").split(" > ")]
    return "/".join(filter(None, parts)).lower()


def location(row: Row) -> str:
    """The place that a setting is for, in lower case; empty: the whole server."""
    return (row.text("Location") or "").strip("/").lower()


def holding(rows: tuple[Row, ...], place: str, attribute: str) -> str | None:
    """The value that holds at `SITE/PATH` among elements of one kind; None if nothing is set."""
    values = {location(row): said for row in rows if (said := row.text(attribute)) is not None}
    at = place.lower()
    while at:
        if at in values:
            return values[at]
        at = at.rpartition("/")[0]
    return values.get("")


def applications(found: Elements) -> frozenset[str]:
    """`SITE/PATH` of every application and virtual directory, in lower case."""
    tails = (f"{SITES}/application", f"{SITES}/application/virtualdirectory")
    paths = (
        (within(row), (row.text("path") or "").strip("/").lower()) for row in ending(found, *tails)
    )
    return frozenset("/".join(filter(None, path)) for path in paths)


def directories(among: Elements) -> tuple[Directory, ...]:
    """Every virtual directory that names a folder."""
    found = []
    for row in ending(among, f"{SITES}/application/virtualdirectory"):
        folder = row.text("physicalPath")
        path = "/".join(filter(None, (within(row), (row.text("path") or "").strip("/").lower())))
        if folder:
            found.append(Directory(path.partition("/")[0], path, folder))
    return tuple(found)


def rewrite_rules(inventory: Inventory) -> dict[str, str]:
    """The rules that are on, inbound and outbound: name in lower case → as it is written."""
    names = [
        row.text("name") or "(no name)"
        for row in ending(elements(inventory), *_RULES)
        if (row.text("enabled") or "true").lower() != "false"
    ]
    return {name.lower(): name for name in names}
