"""From evidence to inventories: reads every file that tells something, and sorts it by server.

What does not name its server belongs to the one that other files of the same archive or folder
name, or of the nearest folder above where that is one. Nothing is guessed: with two there, it is
left out and said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial

from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.formats.whole_file import name_of
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import plain
from exward.posture.data import Data
from exward.posture.inventory import Area, BuildReading, Inventory, Key
from exward.posture.manifest import Collections, difference, is_area
from exward.posture.readers.collected_manifest import AREA as MANIFEST
from exward.posture.readers.interface import Reader, Told
from exward.posture.readers.registry import reader_of
from exward.posture.row import Row

_SEPARATORS = re.compile(r"[\\/!]")
_BETTER_NAME = "."
MAX_SERVERS = 2_000
"""In one run: every server is some hundred outcomes, and a forged list may name any number."""


@dataclass(slots=True)
class Gathered:
    """What was read; sorted by server."""

    inventories: tuple[Inventory, ...] = ()
    skipped: list[Skipped] = field(default_factory=list)
    files: int = 0
    not_evidence: int = 0
    size_bytes: int = 0
    told: int = 0
    names: frozenset[str] = frozenset()
    """First labels of all servers that are named, in lower case."""
    is_complete: bool = True
    """Whether all says whose it is, or lies with what does: other evidence changes nothing then,
    unless it names one of `names`."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What other evidence tells of servers, in front of and behind that which is read."""

    before: tuple[Told, ...] = ()
    after: tuple[Told, ...] = ()

    def around(self, told: Sequence[Told], names: Set[str]) -> list[Told]:
        """All that is told of the servers of these names, in order."""
        before, after = (
            [one for one in part if short_name(one.server) in names]
            for part in (self.before, self.after)
        )
        return [*before, *told, *after]


def gather(
    paths: Sequence[str],
    options: EvidenceOptions,
    cancelled: Callable[[], bool],
    beside: Beside = Beside(),
) -> Gathered:
    """Read all files; raises EvidenceError, before anything is read, if a path does not exist."""
    gathered, told = read_all(paths, options, cancelled)
    every = beside.around(told, gathered.names)
    gathered.inventories = tuple(inventories(every, gathered.skipped))
    return gathered


def read_all(
    paths: Sequence[str], options: EvidenceOptions, cancelled: Callable[[], bool]
) -> tuple[Gathered, list[Told]]:
    """As `gather`, but what was told is not sorted yet."""
    gathered = Gathered()
    told: list[Told] = []
    collections = Collections()
    readers: dict[str, Reader] = {}
    for item in discover(paths, options, partial(_is_inventory, readers)):
        if cancelled():
            break
        if isinstance(item, Skipped):
            gathered.skipped.append(item)
        elif isinstance(item, NotEvidence) or not item.head:
            gathered.not_evidence += 1
        else:
            gathered.files += 1
            gathered.size_bytes += item.size_bytes or 0
            told += _read(readers.pop(item.path), item, gathered.skipped)
            collections.note(item)
    gathered.skipped += _differences(collections)
    gathered.told = len(told)
    gathered.names = frozenset(short_name(one.server) for one in told if one.server)
    gathered.is_complete = _is_complete(told, paths)
    return gathered, told


def _differences(collections: Collections) -> Iterator[Skipped]:
    """What is not as it was collected; logs are not looked at here, and may have been left out."""
    for item in collections.compared(is_area):
        found = item if isinstance(item, Skipped) else difference(item, lambda _size_bytes: None)
        if found is not None:
            yield found


def _is_inventory(readers: dict[str, Reader], path: str, head: bytes) -> bool:
    """Whether a file is one; who reads it is kept, so that nobody is asked twice."""
    found = reader_of(path, head)
    if found is not None:
        readers[path] = found
    return found is not None


def read_file(source: Source, skipped: list[Skipped]) -> list[Told]:
    """What one file tells; what goes wrong in it is one loss."""
    reader = reader_of(source.path, source.head)
    return [] if reader is None else _read(reader, source, skipped)


def _read(reader: Reader, source: Source, skipped: list[Skipped]) -> list[Told]:
    found: list[Told] = []
    try:
        for item in reader.read(source):
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                found.append(item)
    except EvidenceError as error:
        hint = f"; {error.hint}" if error.hint else ""
        skipped.append(Skipped(source.path, None, f"{error.what}{hint}"))
    except OSError as error:
        skipped.append(Skipped(source.path, None, error.strerror or str(error)))
    return found


def inventories(told: Sequence[Told], skipped: list[Skipped]) -> Iterator[Inventory]:
    """Sort what was told by server; adds to `skipped` what belongs to none."""
    names = _full_names(told)
    owners = _owners(told, names)
    shares: defaultdict[str, list[Told]] = defaultdict(list)
    left_out: Counter[str] = Counter()
    for one in told:
        server = _named(one.server, names) if one.server else _owner(one.source, owners)
        if server is None:
            skipped.append(Skipped(one.source, None, "does not say which server it is of"))
        elif server in shares or len(shares) < MAX_SERVERS:
            shares[server].append(one)
        else:
            left_out[one.source] += 1
    skipped += [
        Skipped(source, None, f"names more than {MAX_SERVERS:,} servers; give them in parts", count)
        for source, count in sorted(left_out.items())
    ]
    for server, share in sorted(shares.items()):
        yield _inventory(server, share)


def _is_complete(told: Sequence[Told], paths: Sequence[str]) -> bool:
    """Whether the server of everything is named by itself or from within the only path."""
    if all(one.server for one in told):
        return True
    naming = (one.source for one in told if one.server and one.area)
    return len(paths) == 1 and any(paths[0] in _folders(source) for source in naming)


def short_name(server: str) -> str:
    """The first label of a host's name, in lower case."""
    return server.partition(".")[0].lower()


def _full_names(told: Sequence[Told]) -> dict[str, set[str]]:
    """By the first label of a host's name: all of its full names, in lower case."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in told:
        if _BETTER_NAME in one.server:
            found[short_name(one.server)].add(one.server.strip(".").lower())
    return found


def _named(server: str, names: Mapping[str, set[str]]) -> str:
    """One name for a server: the full one if there is just one, `EX01.contoso.example`."""
    full = names.get(short_name(server), set())
    if _BETTER_NAME not in server and len(full) == 1:
        server = next(iter(full))
    label, dot, domain = server.strip(".").partition(".")
    return f"{label.upper()}{dot}{domain.lower()}"


def _owners(told: Sequence[Told], names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """By folder or archive: the servers that what lies in it is about."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in told:
        if one.server and one.area:
            server = _named(one.server, names)
            for folder in _folders(one.source):
                found[folder].add(server)
    return found


def _folders(path: str) -> Iterator[str]:
    """Every folder and archive that a path lies in, the nearest first."""
    for match in reversed([*_SEPARATORS.finditer(path)]):
        yield path[: match.start()]


def _owner(path: str, owners: Mapping[str, set[str]]) -> str | None:
    """The server of a file that names none; the file's own name where no file names any."""
    for folder in _folders(path):
        servers = owners.get(folder, set())
        if servers:
            return next(iter(servers)) if len(servers) == 1 else None
    return None if owners else name_of(path)


def _inventory(server: str, told: Sequence[Told]) -> Inventory:
    areas: dict[str, Area] = {}
    builds: list[BuildReading] = []
    for one in told:
        if one.build is not None:
            builds.append(one.build)
        if one.area and one.area != MANIFEST:
            name = one.area.lower()
            areas[name] = _joined(areas.get(name), one)
    held = areas.get("registry")
    return Inventory(
        server=server,
        builds=tuple(builds),
        areas=areas,
        registry={} if held is None else dict(_keys(held)),
    )


def _joined(before: Area | None, one: Told) -> Area:
    """The later of two readings of an area; of lists that may be partial, both."""
    data = one.value if isinstance(one.value, Data) else Data(one.value)
    mine = Area(data, one.source, one.collected)
    if before is None:
        return mine
    if one.partial:
        both = [*plain.listed(before.data.value), *plain.listed(data.value)]
        return Area(Data(both), before.source, before.collected)
    return mine if (one.collected or 0) >= (before.collected or 0) else before


def _keys(area: Area) -> Iterator[tuple[str, Key]]:
    for row in area.data.rows:
        path = row.text("Key")
        if path:
            values = row.row("Values")
            exists = row.truth("Exists") is not False
            yield path.lower(), Key(exists, Row({}) if values is None else values)
