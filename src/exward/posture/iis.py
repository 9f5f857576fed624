r"""What IIS's configuration says: elements, and what holds at one place of a site.

A setting of `location path="SITE/PATH"` wins over that of its parents, and these over the one for
the whole server (https://learn.microsoft.com/iis/get-started/planning-your-iis-architecture).
"""

from __future__ import annotations

from dataclasses import dataclass

from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

_RULES = ("/rewrite/rules/rule", "/rewrite/globalrules/rule", "/rewrite/outboundrules/rule")
SITES = "system.applicationhost/sites/site"
FRONT, BACK = "default web site", "exchange back end"
READ_FROM = "ReadFrom"
"""Member of every element: the file that it is in, with its folders."""
_HOST_FILE = "applicationhost.config"


@dataclass(frozen=True, slots=True)
class Directory:
    """A virtual directory: `SITE/PATH` in lower case, and the folder on disk as it is written."""

    site: str
    path: str
    folder: str


def elements(inventory: Inventory) -> tuple[Row, ...]:
    """Every element of every configuration file; empty if none was collected."""
    return inventory.rows(IIS_CONFIG) or ()


def host_elements(inventory: Inventory) -> tuple[Row, ...]:
    """Those of applicationHost.config."""
    return tuple(row for row in elements(inventory) if file_of(row) == _HOST_FILE)


def web_elements(inventory: Inventory) -> tuple[Row, ...]:
    """Those of the files that lie in the folders of sites: web.config and its like."""
    return tuple(row for row in elements(inventory) if file_of(row) != _HOST_FILE)


def file_of(row: Row) -> str:
    """The name of the file, in lower case."""
    return (row.text("File") or "").lower()


def place_of(row: Row) -> str:
    """Which file the element is in, for people: every folder of a site has a web.config."""
    return row.text(READ_FROM) or row.text("File") or "?"


def section(row: Row) -> str:
    """The path of the element, in lower case."""
    return (row.text("Section") or "").lower()


def ending(rows: tuple[Row, ...], *tails: str) -> tuple[Row, ...]:
    """The elements whose path ends so; `tails` are in lower case."""
    return tuple(row for row in rows if section(row).endswith(tails))


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


def applications(rows: tuple[Row, ...]) -> frozenset[str]:
    """`SITE/PATH` of every application and virtual directory, in lower case."""
    found = set()
    for row in rows:
        if section(row).startswith(f"{SITES}/application"):
            path = (row.text("path") or "").strip("/").lower()
            found.add("/".join(filter(None, (within(row), path))))
    return frozenset(found)


def directories(rows: tuple[Row, ...]) -> tuple[Directory, ...]:
    """Every virtual directory that names a folder."""
    found = []
    for row in ending(rows, f"{SITES}/application/virtualdirectory"):
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
