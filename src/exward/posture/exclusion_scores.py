"""How much each exclusion hides: judged against Microsoft's list and the places of intruders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from exward.model.severity import Severity
from exward.posture.exclusion_table import Hiding, table
from exward.posture.exclusions import Exclusion, Kind, plain_path
from exward.posture.row import Row

_DRIVE = re.compile(r"[a-z]:(?:\\|$)")
_MAX_PATH = 1_000
_EXE = ".exe"
_WINDOWS = "c:\\windows"
# Where a volume begins nearly everything is hidden, whatever lies there.
_ROOT_SEGMENTS = 1


class Score(NamedTuple):
    """`severity` None: Microsoft recommends it."""

    severity: Severity | None
    why: str


class Allowed(NamedTuple):
    """What may be excluded here, and what never: as plain paths.

    `configured`: folders and files that databases and logs were moved to. They are asked last: a
    log that was moved to a web root is no reason to leave the web root unscanned.
    """

    folders: frozenset[str]
    programs: frozenset[str]
    configured: frozenset[str]
    hiding: tuple[tuple[str, Hiding], ...]


_FINE = Score(None, "on Microsoft's list")


def allowed(known: Mapping[str, str], product: str, configured: Iterable[str]) -> Allowed:
    """Microsoft's list for one server; `product` is `2013` or anything else."""
    listed = _listed(tuple(known.items()), product)
    return listed._replace(configured=frozenset(plain_path(path, known) for path in configured))


@lru_cache(maxsize=64)  # the servers of a fleet have Exchange in the same folder
def _listed(variables: tuple[tuple[str, str], ...], product: str) -> Allowed:
    known = dict(variables)
    listed = (one.path for one in table().folders if one.product in {"", product})
    programs = (f"{one.folder}\\{name}{_EXE}" for one in table().processes for name in one.names)
    return Allowed(
        frozenset(plain_path(path, known) for path in listed),
        frozenset(plain_path(path, known) for path in programs),
        frozenset(),
        tuple((plain_path(one.path, known), one) for one in table().hiding),
    )


def score(exclusion: Exclusion, allow: Allowed, known: Mapping[str, str]) -> Score:
    """What one exclusion hides."""
    if exclusion.kind is Kind.ADDRESS:
        return Score(Severity.MEDIUM, "traffic of this address is not looked at")
    if exclusion.kind is Kind.EXTENSION:
        return _extension(exclusion.value)
    value = plain_path(exclusion.value[:_MAX_PATH], known)
    if exclusion.kind is Kind.PROCESS:
        return _process(value, allow)
    return _path(value, allow)


def is_below(path: str, folder: str) -> bool:
    """Whether a plain path is this folder or lies in it; the folder may have wildcards."""
    if path == folder or path.startswith(f"{folder}\\"):
        return True
    if not (_has_wildcard(path) or _has_wildcard(folder)):
        return False
    parts, wanted = path.split("\\"), folder.split("\\")
    return len(parts) >= len(wanted) and all(map(_same, parts, wanted))


def _extension(written: str) -> Score:
    name = written.strip().lstrip("*").lstrip(".").lower()
    if not name or _has_wildcard(name):
        return Score(Severity.CRITICAL, "every file")
    for severity, names in table().hiding_extensions.items():
        if name in names:
            return Score(severity, "programs, scripts or what intruders carry away")
    if name in table().extensions:
        return _FINE
    return Score(Severity.MEDIUM, "not on Microsoft's list")


def _process(path: str, allow: Allowed) -> Score:
    if path in allow.programs:
        return _FINE
    folder, _, name = path.rpartition("\\")
    if _may_be_dangerous(folder, name):
        return Score(Severity.CRITICAL, "nothing that this program reads or writes is scanned")
    if _has_wildcard(path):
        return Score(Severity.HIGH, "any program with such a name")
    if not folder:
        return Score(Severity.MEDIUM, "any program of this name, wherever it lies")
    return Score(Severity.MEDIUM, "not on Microsoft's list")


def _may_be_dangerous(folder: str, name: str) -> bool:
    program = name.removesuffix(_EXE)
    if not _has_wildcard(name):
        return program in table().hiding_processes
    near = not folder or folder.startswith(_WINDOWS)
    return near and any(_same(one, program) for one in table().hiding_processes)


def _path(path: str, allow: Allowed) -> Score:
    if not _DRIVE.match(path):
        return Score(Severity.HIGH, _odd(path))
    if any(is_below(path, folder) for folder in allow.folders) or path in allow.programs:
        return _FINE
    if len(path.split("\\")) <= _ROOT_SEGMENTS:
        return Score(Severity.CRITICAL, "a whole volume")
    hidden = [one for folder, one in allow.hiding if _hides(path, folder, one)]
    if hidden:
        worst = max(hidden, key=lambda one: one.severity.rank)
        return Score(worst.severity, worst.why)
    if any(is_below(path, folder) for folder in allow.configured):
        return _FINE
    return Score(Severity.MEDIUM, "not on Microsoft's list")


def _odd(path: str) -> str:
    if path.startswith("\\\\"):
        return "a folder of another computer, whatever lies there"
    if "%" in path:
        return "a variable that can be set to any folder"
    return "no full path: it holds on every volume"


def _hides(path: str, folder: str, place: Hiding) -> bool:
    covers = is_below(folder, path)
    return covers or (place.reach == "inside" and is_below(path, folder))


def _same(part: str, wanted: str) -> bool:
    """Whether two names of folders may be the same; either may have wildcards."""
    return part == wanted or _matches(part, wanted) or _matches(wanted, part)


def _matches(name: str, pattern: str) -> bool:
    # `[` has no meaning in Defender's wildcards.
    return _has_wildcard(pattern) and fnmatchcase(name, pattern.replace("[", "[[]"))


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def configured_folders(rows: Iterable[Row]) -> Iterator[str]:
    """Folders and files that databases and transport services are told to use."""
    for row in rows:
        for member in row:
            if member.endswith(("logpath", "logfolderpath", "edbfilepath", "logfilelocation")):
                path = row.text(member)
                if path is not None and _DRIVE.match(path.lower()):
                    yield path
