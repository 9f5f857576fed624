"""A fleet: the zips and folders of many servers, each read and judged by a worker.

Nearly always each tells of servers that nothing else tells of. Then what is said of them is what
would be said if all were read together, in a share of the time and of the memory. Single files
that lie beside them (`Get-ExchangeServer.json` of all servers, what was seen from outside) are read
first, and each worker adds what they tell of its server. Where two others tell of the same server,
or something does not say whose it is, all are read together.
"""

from __future__ import annotations

import dataclasses
import datetime
import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from exward.engines import local, worker
from exward.evidence.blob import HEAD_BYTES
from exward.evidence.kinds import container_kind
from exward.evidence.options import EvidenceOptions
from exward.evidence.streams import open_regular
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.skipped import Skipped
from exward.posture.assess import assess
from exward.posture.facts import Facts
from exward.posture.gather import (
    MAX_SERVERS,
    Beside,
    Gathered,
    gather,
    inventories,
    read_all,
    short_name,
)
from exward.posture.readers.interface import Told
from exward.scan.progress import Progress

MIN_UNITS = 4
"""With fewer, starting workers takes longer than reading."""
MAX_COMMON_BYTES = 16 * 1024 * 1024
"""Of all single files that are read first, by one process."""
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker gets."""

    facts: Facts
    today: datetime.date
    spool_folder: str
    password: str | None = field(default=None, repr=False)
    common: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    """By path: what single files beside the units tell."""
    order: tuple[str, ...] = ()
    """All paths in the order in which they would be read."""

    def beside(self, path: str) -> Beside:
        """What the single files tell, in front of and behind one unit."""
        at = self.order.index(path) if self.common else 0
        parts = (self.order[:at], self.order[at:])
        return Beside(
            *(tuple(one for name in part for one in self.common.get(name, ())) for part in parts)
        )


class Judged(msgspec.Struct):
    """What was read, and what is said of it; of one unit or of all."""

    postures: list[ServerPosture] = []
    outcomes: list[Outcome] = []
    skipped: list[Skipped] = []
    names: frozenset[str] = frozenset()
    """First labels of the servers that are told of, in lower case."""
    is_complete: bool = True
    """Whether other evidence could not say whose it is."""
    files: int = 0
    not_evidence: int = 0
    size_bytes: int = 0
    told: int = 0


def units(paths: tuple[str, ...]) -> tuple[str, ...]:
    """What can be read apart: the files that were given, or what lies in the one folder.

    Empty if it has to be read together: a link, or the folder of one server.
    """
    given = paths
    if len(paths) == 1 and Path(paths[0]).is_dir():
        names = sorted(os.listdir(paths[0]))  # noqa: PTH208 - named as `evidence.disk` does
        given = () if _MANIFEST in names else tuple(str(Path(paths[0], name)) for name in names)
    elif not all(Path(path).is_file() for path in paths):
        return ()
    apart = len(given) >= MIN_UNITS and not any(Path(one).is_symlink() for one in given)
    return given if apart and len({Path(one).resolve() for one in given}) == len(given) else ()


def common_files(apart: tuple[str, ...]) -> tuple[str, ...]:
    """Of the units, single files that may tell of servers which others tell of, too.

    Empty if there is little else, or if they are too large to be read by one process.
    """
    single = tuple(path for path in apart if _is_single(path))
    is_small = sum(map(_size_bytes, single)) <= MAX_COMMON_BYTES
    return single if is_small and len(apart) - len(single) >= MIN_UNITS else ()


def _is_single(path: str) -> bool:
    try:
        with closing(open_regular(path)) as file:
            return container_kind(file.read(HEAD_BYTES)) is None
    except OSError:  # a folder; or the worker that wants to read it says what is wrong
        return False


def judged(setup: Setup, apart: tuple[str, ...], workers: int, progress: Progress) -> Judged | None:
    """What all units tell together; None if they have to be read together."""
    with _without_cycles():
        first = common_files(apart)
        found, told = _read_first(setup, first, progress)
        if any(not one.server for of_file in told.values() for one in of_file):
            return None
        common = dataclasses.replace(setup, common=told, order=apart)
        rest = tuple(path for path in apart if path not in set(first))
        every = _judged(common, rest, workers, progress)
        if every is None:
            return None
        names = [name for one in every for name in one.names]
        alone = [one for path in first for one in told.get(path, ())]
        alone = [one for one in alone if short_name(one.server) not in set(names)]
        found.inventories = tuple(inventories(alone, found.skipped))
        whole = _together([of_servers(found, setup.facts, setup.today), *every])
    is_apart = len(set(names)) == len(names)
    return whole if is_apart and len(whole.postures) <= MAX_SERVERS else None


def _read_first(
    setup: Setup, paths: tuple[str, ...], progress: Progress
) -> tuple[Gathered, dict[str, tuple[Told, ...]]]:
    """What single files tell, by path."""
    if not paths:
        return Gathered(), {}
    options = EvidenceOptions(spool_dir=Path(setup.spool_folder), password=setup.password)
    gathered, told = read_all(paths, options, progress.cancelled)
    found: dict[str, tuple[Told, ...]] = {}
    for one in told:
        found[one.source] = (*found.get(one.source, ()), one)
    return gathered, found


def _judged(
    setup: Setup, units_apart: tuple[str, ...], workers: int, progress: Progress
) -> list[Judged] | None:
    """What each unit tells, in order; None if one does not say whose it is."""
    results: dict[str, Judged] = {}
    sizes = {one: _size_bytes(one) for one in units_apart}
    progress.started(len(units_apart), sum(sizes.values()))
    for result in local.run(setup, units_apart, work, min(workers, len(units_apart)), progress):
        if isinstance(result, local.Lost):
            loss = Skipped(result.task, None, result.reason)
            results[result.task] = Judged(skipped=[loss])
        else:
            results[result.task] = msgspec.msgpack.decode(result.data, type=Judged)
            if not results[result.task].is_complete and not progress.cancelled():
                return None
        progress.advanced(sizes[result.task], results[result.task].told)
    progress.finished()
    return [results[one] for one in units_apart if one in results]


def _size_bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:  # the worker that wants to read it says so
        return 0


def work(setup: Setup, path: str, progress: worker.Progress) -> bytes:
    """Read and judge one unit."""
    with _without_cycles():
        return _work(setup, path, progress)


@contextmanager
def _without_cycles() -> Iterator[None]:
    """A hundred thousand small values, none of which refers to itself: to look for cycles among
    them again and again is a fifth of the time. Those that stay are not looked at later, either."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _work(setup: Setup, path: str, progress: worker.Progress) -> bytes:
    folder = Path(setup.spool_folder, str(os.getpid()))  # a worker reads one unit at a time
    try:
        options = EvidenceOptions(spool_dir=folder, password=setup.password)
        gathered = gather((path,), options, _asking(progress), setup.beside(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = of_servers(gathered, setup.facts, setup.today)
    try:
        return msgspec.msgpack.encode(found)
    except UnicodeEncodeError:  # names of files that are no text cannot leave this process
        return msgspec.msgpack.encode(Judged(is_complete=False))


def of_servers(gathered: Gathered, facts: Facts, today: datetime.date) -> Judged:
    """Judge what was read."""
    said = [assess(one, facts, today) for one in gathered.inventories]
    return Judged(
        postures=[posture for posture, _ in said],
        outcomes=[outcome for _, outcomes in said for outcome in outcomes],
        skipped=gathered.skipped,
        names=gathered.names,
        is_complete=gathered.is_complete,
        files=gathered.files,
        not_evidence=gathered.not_evidence,
        size_bytes=gathered.size_bytes,
        told=gathered.told,
    )


def _asking(progress: worker.Progress) -> Callable[[], bool]:
    """Whether to stop; to be asked is a sign of life."""

    def cancelled() -> bool:
        progress.advanced(0, 0)
        return progress.cancelled()

    return cancelled


def _together(every: list[Judged]) -> Judged:
    whole = Judged()
    for one in every:
        whole.postures += one.postures
        whole.outcomes += one.outcomes
        whole.skipped += one.skipped
        whole.files += one.files
        whole.not_evidence += one.not_evidence
        whole.size_bytes += one.size_bytes
        whole.told += one.told
    return whole
