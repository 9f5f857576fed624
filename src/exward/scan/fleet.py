"""A fleet: the zips and folders of many servers, each read and judged by a worker.

Nearly always each tells of servers that nothing else tells of. Then what is said of them is what
would be said if all were read together, in a share of the time and of the memory. Where two tell
of the same server, or one does not say whose it is, all are read together.
"""

from __future__ import annotations

import datetime
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from exward.engines import local, worker
from exward.evidence.options import EvidenceOptions
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.skipped import Skipped
from exward.posture.assess import assess
from exward.posture.facts import Facts
from exward.posture.gather import MAX_SERVERS, Gathered, gather
from exward.scan.progress import Progress

MIN_UNITS = 4
"""With fewer, starting workers takes longer than reading."""
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker gets."""

    facts: Facts
    today: datetime.date
    spool_folder: str
    password: str | None = field(default=None, repr=False)


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


def judged(setup: Setup, apart: tuple[str, ...], workers: int, progress: Progress) -> Judged | None:
    """What all units tell together; None if they have to be read together."""
    with _without_cycles():
        return _judged(setup, apart, workers, progress)


def _judged(
    setup: Setup, apart: tuple[str, ...], workers: int, progress: Progress
) -> Judged | None:
    results: dict[str, Judged] = {}
    sizes = {one: _size_bytes(one) for one in apart}
    progress.started(len(apart), sum(sizes.values()))
    for result in local.run(setup, apart, work, min(workers, len(apart)), progress):
        if isinstance(result, local.Lost):
            loss = Skipped(result.task, None, result.reason)
            results[result.task] = Judged(skipped=[loss])
        else:
            results[result.task] = msgspec.msgpack.decode(result.data, type=Judged)
            if not results[result.task].is_complete and not progress.cancelled():
                return None
        progress.advanced(sizes[result.task], results[result.task].told)
    progress.finished()
    every = [results[one] for one in apart if one in results]
    names = [name for one in every for name in one.names]
    is_apart = len(set(names)) == len(names)
    whole = _together(every)
    return whole if is_apart and len(whole.postures) <= MAX_SERVERS else None


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
    them again and again is a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _work(setup: Setup, path: str, progress: worker.Progress) -> bytes:
    folder = Path(setup.spool_folder, str(os.getpid()))  # a worker reads one unit at a time
    try:
        options = EvidenceOptions(spool_dir=folder, password=setup.password)
        gathered = gather((path,), options, _asking(progress))
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
