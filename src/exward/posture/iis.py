r"""What IIS's configuration says: elements, and what holds at one place of a site.

A setting of `location path="SITE/PATH"` wins over that of its parents, and these over the one for
the whole server (https://learn.microsoft.com/iis/get-started/planning-your-iis-architecture).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from exward.formats.iis_config import Element, fields
from exward.posture import plain
from exward.posture.data import Made
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

_Result = TypeVar("_Result")

_RULES = ("/rewrite/rules/rule", "/rewrite/globalrules/rule", "/rewrite/outboundrules/rule")
SITES = "system.applicationhost/sites/site"
FRONT, BACK = "default web site", "exchange back end"
PLACEHOLDER = "%exchangeinstalldir%"
"""What set-up replaces with Exchange's folder, in lower case."""
_HOST_FILE = "applicationhost.config"


@dataclass(frozen=True, slots=True)
class Directory:
    """A virtual directory: `SITE/PATH` in lower case, and the folder on disk as it is written."""

    site: str
    path: str
    folder: str


class Content:
    """What a configuration file says, wherever it lies: elements, found by the end of their path.

    A file has thousands of elements and a few dozen paths, and checks ask for some of these:
    only they are made objects of. `name` is the file's.
    """

    __slots__ = ("_by_path", "_file", "_made", "_rows", "name", "size")

    def __init__(self, file: str, elements: Iterable[Element]) -> None:
        self._file = file
        self.name = file.lower()
        self.size = 0
        self._made: Made[Content] = Made()
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._by_path: defaultdict[str, list[Element]] = defaultdict(list)
        for element in elements:
            self._by_path[_path(element.section)].append(element)
            self.size += 1

    def ending(self, tail: str) -> tuple[Row, ...]:
        """Those whose path ends so; `tail` is in lower case and begins with a whole name or `/`."""
        if tail not in self._rows:
            self._rows[tail] = tuple(
                Row(fields(one, self._file))
                for path, found in self._by_path.items()
                if path.endswith(tail)
                for one in found
            )
        return self._rows[tail]

    def elements(self) -> Iterator[Element]:
        """All of them, as they are written."""
        for found in self._by_path.values():
            yield from found

    def once(self, make: Callable[[Content], _Result]) -> _Result:
        """What a function of a module makes of the file, and of nothing else."""
        return self._made.of(self, make)


@lru_cache(maxsize=1_024)
def _path(section: str) -> str:
    return section.lower()


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file: the path that it was read from, with its folders, and what it says.

    On many servers it says the same: that is kept once, and so is what follows from it.
    """

    place: str
    content: Content


class Elements:
    """The elements of some configuration files."""

    __slots__ = ("files",)

    def __init__(self, files: Iterable[ConfigFile]) -> None:
        self.files = tuple(files)

    def __len__(self) -> int:
        return sum(file.content.size for file in self.files)

    def placed(self, *tails: str) -> Iterator[tuple[str, Row]]:
        """As `ending`, each with the path of its file: every folder of a site has a web.config."""
        for tail in tails:
            for file in self.files:
                for row in file.content.ending(tail):
                    yield file.place, row


def elements(inventory: Inventory) -> Elements:
    """Every element of every configuration file; empty if none was collected."""
    return inventory.once(_elements)


def host_elements(inventory: Inventory) -> Elements:
    """Those of applicationHost.config."""
    return inventory.once(_host_elements)


def web_elements(inventory: Inventory) -> Elements:
    """Those of the files that lie in the folders of sites: web.config and its like."""
    return inventory.once(_web_elements)


def _elements(inventory: Inventory) -> Elements:
    return Elements(_files(inventory))


def _host_elements(inventory: Inventory) -> Elements:
    return Elements(one for one in _files(inventory) if one.content.name == _HOST_FILE)


def _web_elements(inventory: Inventory) -> Elements:
    return Elements(one for one in _files(inventory) if one.content.name != _HOST_FILE)


def _files(inventory: Inventory) -> Iterator[ConfigFile]:
    found = inventory.data(IIS_CONFIG)
    for one in plain.listed(found.value) if found is not None else ():
        if isinstance(one, ConfigFile):
            yield one


def has_placeholder(element: Element) -> bool:
    """Whether set-up left its placeholder in a value."""
    return any("%" in one and PLACEHOLDER in one.lower() for one in element.attributes.values())


def ending(found: Elements, *tails: str) -> tuple[Row, ...]:
    """The elements whose path ends in one of `tails`, in their order."""
    return tuple(row for _, row in found.placed(*tails))


def within(row: Row) -> str:
    """What the element lies in, `default web site/owa`, in lower case."""
    parts = [part.strip("/") for part in (row.text("Within") or "").split(" > ")]
    return "/".join(filter(None, parts)).lower()


def location(row: Row) -> str:
    """The place that a setting is for, in lower case; empty: the whole server."""
    return (row.text("Location") or "").strip("/").lower()


def values_of(rows: Iterable[Row], attribute: str) -> dict[str, str]:
    """What is set by elements of one kind, by the place that it is for."""
    return {location(row): said for row in rows if (said := row.text(attribute)) is not None}


def holding(values: Mapping[str, str], place: str) -> str | None:
    """The value that holds at `SITE/PATH` among those set; None if none is."""
    at = place.lower()
    while at:
        if at in values:
            return values[at]
        at = at.rpartition("/")[0]
    return values.get("")


def applications(inventory: Inventory) -> frozenset[str]:
    """`SITE/PATH` of every application and virtual directory, in lower case."""
    return inventory.once(_applications)


def _applications(inventory: Inventory) -> frozenset[str]:
    tails = (f"{SITES}/application", f"{SITES}/application/virtualdirectory")
    rows = ending(host_elements(inventory), *tails)
    paths = ((within(row), (row.text("path") or "").strip("/").lower()) for row in rows)
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
