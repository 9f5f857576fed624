"""Which build of Exchange an installation has, told from what lies in the evidence."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from exward.webshells.belonging.baseline import Baseline, numbers
from exward.webshells.belonging.places import Place, folded

MOST_UNKNOWN_SHARE = 0.1
MOST_CHANGED = 2
"""If more stock paths than this share, and than this number, have a hash that no build has, and the
others fit the last build of the list, the installation is newer than the list: nobody changes so
many."""

_FOLDER = re.compile(
    r"(?:frontend/httpproxy|clientaccess)/(?:owa|ecp)/(?:[a-z]+/)?(15\.\d{1,2}\.\d{1,5}(?:\.\d{1,5})?)/"
)
"""Exchange names folders of its themes and scripts by the build that brought them."""
_LOG = re.compile(rb"^#Version: ?(15\.\d{1,2}\.\d{1,5}\.\d{1,5})[ \r\n]", re.MULTILINE)
"""Exchange's own logs begin with the build that wrote them."""
_LOG_FOLDER = re.compile(r"(?:^|.*[/!])(?=logging/[^/!]+/)", re.DOTALL)
_SETUP = re.compile(r"(?:^|.*[/!])(?=bin/exsetup\.exe$)", re.DOTALL)
"""The program whose version is the build, security updates included; what set-up itself is told by.

Source: https://learn.microsoft.com/en-us/exchange/new-features/build-numbers-and-release-dates
"""
_FILE_VERSION = re.compile(rb"\xbd\x04\xef\xfe\x00\x00\x01\x00(.{8})", re.DOTALL)
"""VS_FIXEDFILEINFO: signature, version of the structure, file version in two 32-bit numbers.

Source: https://learn.microsoft.com/en-us/windows/win32/api/verrsrc/ns-verrsrc-vs_fixedfileinfo
"""
MAX_VERSIONS = 1_000
_HEAD = 8_192
"""The names of the columns may stand before the version."""


@dataclass(slots=True)
class Named:
    """The builds that the program, the logs and folders of each installation (its root) name."""

    folders: dict[str, set[str]] = field(default_factory=dict)
    logs: dict[str, set[str]] = field(default_factory=dict)
    programs: dict[str, set[str]] = field(default_factory=dict)

    def note(self, path: str, head: bytes, place: Place | None) -> None:
        """Take in one file of the evidence, whatever it holds."""
        if place is not None:
            found = _FOLDER.match(place.path)
            if found:
                _add(self.folders, place.root, found[1])
            return
        version = _LOG.search(head[:_HEAD])
        root = _LOG_FOLDER.match(folded(path)) if version else None
        if version and root:
            _add(self.logs, root[0], version[1].decode("ascii"))
        elif names_build(path):
            self._program(path, head)

    def _program(self, path: str, head: bytes) -> None:
        root, version = _SETUP.match(folded(path)), _FILE_VERSION.search(head)
        if root and version:
            minor, major, revision, build = struct.unpack("<4H", version[1])
            _add(self.programs, root[0], f"{major}.{minor}.{build}.{revision}")

    def of(self, root: str) -> Names:
        """What is named for one installation."""
        kinds = (self.programs, self.logs, self.folders)
        return Names(*(tuple(sorted(kind.get(root, ()), key=numbers)) for kind in kinds))


class Names(NamedTuple):
    """The builds that an installation's program, logs and folders name, each in order."""

    programs: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def names_build(path: str) -> bool:
    """Whether a file is the program whose version is the build."""
    return path[-11:].lower() == "exsetup.exe" and _SETUP.match(folded(path)) is not None


def _add(known: dict[str, set[str]], root: str, version: str) -> None:
    if len(known) < MAX_VERSIONS or root in known:
        versions = known.setdefault(root, set())
        if len(versions) < MAX_VERSIONS:
            versions.add(version)


@dataclass(frozen=True, slots=True)
class Build:
    """What is known of an installation's build.

    `name`: the build, or the range in which it lies, "" if nothing tells it; `told_by`: "program",
    "logs", "folders", "files" or ""; `places`: the builds of the baseline that it may be, none if
    the baseline does not have it.
    """

    name: str
    told_by: str
    places: frozenset[int]

    def is_later_than(self, folder: str) -> bool:
        """Whether it is an update of the version that a folder names, and not in the baseline."""
        return not self.places and re.match(rf"{re.escape(folder)}\b", self.name) is not None


NOT_TOLD = Build("", "", frozenset())


def build_of(files: Iterable[tuple[str, str]], named: Names, known: Baseline) -> Build:
    """The build of one installation; `files`: stock path and SHA-256 of its web files.

    The program's version is exact, and so is the latest that a log names; a folder tells the
    cumulative update, and the files which of its builds; else the files alone say what most of
    them fit.
    """
    held = [one for one in files if one[0] in known.files]
    votes, strangers = _votes(held, known)
    if named.programs:
        return _exact(named.programs[-1], "program", known)
    if named.logs:
        return _exact(named.logs[-1], "logs", known)
    if named.folders:
        return _update(named.folders[-1], (votes, strangers), known)
    return _voted(votes, strangers, known)


def builds_within(version: str, known: Baseline) -> frozenset[int]:
    """The builds of the list that a folder's version may stand for: those of its update."""
    wanted = numbers(version)
    return frozenset(
        place
        for place, build in enumerate(known.builds)
        if numbers(build)[:3] == wanted[:3] and numbers(build) >= wanted
    )


def _exact(version: str, told_by: str, known: Baseline) -> Build:
    wanted = numbers(version)
    places = (place for place, build in enumerate(known.builds) if numbers(build) == wanted)
    return Build(".".join(map(str, wanted)), told_by, frozenset(places))


def _update(version: str, fits: tuple[Counter[int], int], known: Baseline) -> Build:
    votes, strangers = fits
    places = builds_within(version, known)
    best = max((votes[place] for place in places), default=0)
    chosen = frozenset(place for place in places if votes[place] == best)
    if _is_newer(strangers, best):
        # A later update of the same name.
        return Build(f"{version}, not one of the list", "folders", frozenset())
    return Build(_range(chosen, known) or version, "folders", chosen)


def _votes(held: Sequence[tuple[str, str]], known: Baseline) -> tuple[Counter[int], int]:
    """How many files fit each build, and how many fit none."""
    votes: Counter[int] = Counter()
    strangers = 0
    for path, sha256 in held:
        fitting = {
            place
            for one in known.files[path]
            if one.sha256 == sha256
            for place in range(one.first, one.last + 1)
        }
        votes.update(fitting)
        strangers += not fitting
    return votes, strangers


def _voted(votes: Counter[int], strangers: int, known: Baseline) -> Build:
    best = max(votes.values(), default=0)
    if not best or strangers > best:
        return NOT_TOLD
    places = frozenset(place for place, count in votes.items() if count == best)
    is_last = any(place in _last(known) for place in places)
    if is_last and _is_newer(strangers, best):
        return Build(f"{known.builds[max(places)]} or newer", "files", frozenset())
    return Build(_range(places, known), "files", places)


def _is_newer(strangers: int, fitting: int) -> bool:
    return strangers > max(MOST_CHANGED, MOST_UNKNOWN_SHARE * (strangers + fitting))


def _last(known: Baseline) -> set[int]:
    """The last build of each product."""
    by_product = {numbers(build)[:2]: place for place, build in enumerate(known.builds)}
    return set(by_product.values())


def _range(places: Iterable[int], known: Baseline) -> str:
    ordered = sorted(places)
    if not ordered:
        return ""
    first, last = known.builds[ordered[0]], known.builds[ordered[-1]]
    return first if first == last else f"{first} to {last}"
