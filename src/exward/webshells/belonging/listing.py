"""Files that a collector listed below the web roots, whether it copied them or not.

The list has what a copy lacks: the owner, and when the file was created.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from exward.webshells.belonging import owners
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.owners import Owner
from exward.webshells.belonging.places import folded, place_of

_ON_DRIVE = re.compile(r"(?:\\\\\?\\)?([A-Za-z]):[\\/]+(.+)", re.DOTALL)
_REFUSED = re.compile(r'[\x00-\x1f<>:"|?*]')


class Listed(NamedTuple):
    """One file of a list; `home`: the path of the collection, with its last separator.

    The path of the file is that of its copy, which need not exist.
    """

    home: str
    file: WebFile


def copy_path(home: str, origin: str) -> str:
    """Where the collector puts the copy of a file of the server; "" for one that is on no drive.

    Source: `Select-PackageName` of the collector, which changes what unpacking tools refuse.
    """
    found = _ON_DRIVE.fullmatch(origin)
    if found is None:
        return ""
    names = (_REFUSED.sub("_", name) for name in re.split(r"[\\/]+", found[2]))
    kept = (f"{name}_" if name.endswith((".", " ")) else name for name in names)
    return f"{home}files/{found[1].upper()}/{'/'.join(kept)}"


class Listing:
    """The lists of all collections; of a file that is listed twice the first counts."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._files: dict[str, Listed] = {}
        for one in listed:
            self._files.setdefault(folded(one.file.path), one)
        held: defaultdict[str, list[Owner]] = defaultdict(list)
        for one in self._files.values():
            place = place_of(one.file.path)
            if place is not None and place.is_exchange:
                held[one.home].append(one.file.owner)
        self._installers = {home: owners.installers(of) for home, of in held.items()}

    def completed(self, file: WebFile) -> WebFile:
        """A file with the owner and the times of its list, if one has it."""
        found = self._files.get(folded(file.path))
        if found is None:
            return file
        told = found.file
        modified = file.modified if told.modified is None else told.modified
        return replace(file, owner=told.owner, created=told.created, modified=modified)

    def installers(self, path: str) -> frozenset[str]:
        """Who installed Exchange on the server of a listed file."""
        found = self._files.get(folded(path))
        return self._installers.get(found.home, frozenset()) if found else frozenset()

    def without(self, paths: Iterable[str]) -> Iterator[WebFile]:
        """The files below folders that are served of which there is no copy at these paths."""
        held = {folded(path) for path in paths} if self._files else set()
        for key, one in self._files.items():
            if key not in held and place_of(one.file.path) is not None:
                yield one.file
