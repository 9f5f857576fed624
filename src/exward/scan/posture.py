"""The posture check: read inventories → judge each server → result."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from exward import __version__
from exward.engines import local
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.formats import registry
from exward.incidents import verdict
from exward.model.incident import Verdict
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.result import Run, ScanResult
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import facts as tables
from exward.posture.assess import assess
from exward.posture.gather import gather, inventories, read_file
from exward.posture.inventory import Inventory
from exward.posture.readers import (
    collected_area,
    collected_manifest,
    health_checker,
    iis_configuration,
)
from exward.posture.readers.interface import Told
from exward.scan import fleet
from exward.scan.progress import Progress

_IN_SCANS = (collected_area, collected_manifest, health_checker)
"""Readers of files that are nothing but inventories: what else a scan finds may be anybody's."""


@dataclass(frozen=True, slots=True)
class PostureSettings:
    """What to read. `today` None: the present day, UTC; `facts` None: those of the package.

    `jobs` 0 means all cores.
    """

    paths: tuple[str, ...]
    password: str | None = field(default=None, repr=False)
    facts: Path | None = None
    today: datetime.date | None = None
    jobs: int = 0


def check(settings: PostureSettings, progress: Progress) -> ScanResult:
    """Judge every server that the evidence tells of.

    Raises EvidenceError if a path does not exist, ContentError for bad tables of facts.
    """
    started = time.time_ns() // 1000
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    known = tables.load(settings.facts)
    with spool_folder() as folder:
        setup = fleet.Setup(known, today, str(folder), settings.password)
        found = _judged(settings, setup, progress)
    postures, outcomes = _sorted(found.postures, found.outcomes)
    skipped = tuple(sorted(found.skipped, key=_place))
    judged = verdict.judge((), (), (), skipped, outcomes)
    return ScanResult(
        run=_run(settings, found, started, progress.cancelled()),
        verdicts=tuple(one for one in judged if one.verdict is Verdict.EXPOSED),
        incidents=(),
        findings=(),
        outcomes=outcomes,
        coverage=(),
        rules=(),
        skipped=skipped,
        postures=postures,
    )


Assessed = tuple[tuple[ServerPosture, ...], tuple[Outcome, ...]]


def _judged(settings: PostureSettings, setup: fleet.Setup, progress: Progress) -> fleet.Judged:
    """By many workers where every server stands for itself, else all together."""
    apart = fleet.units(settings.paths)
    found = fleet.judged(setup, apart, settings.jobs or local.cores(), progress) if apart else None
    if found is None:
        folder = Path(setup.spool_folder)
        options = EvidenceOptions(spool_dir=folder, password=settings.password)
        gathered = gather(settings.paths, options, progress.cancelled)
        found = fleet.of_servers(gathered, setup.facts, setup.today)
    return found


def _assessed(servers: Iterable[Inventory], facts: tables.Facts, today: datetime.date) -> Assessed:
    postures: list[ServerPosture] = []
    outcomes: list[Outcome] = []
    for inventory in servers:
        posture, found = assess(inventory, facts, today)
        postures.append(posture)
        outcomes += found
    return _sorted(postures, outcomes)


def _sorted(postures: Iterable[ServerPosture], outcomes: Iterable[Outcome]) -> Assessed:
    return (
        tuple(sorted(postures, key=lambda one: one.server)),
        tuple(sorted(outcomes, key=lambda one: (one.server, one.check))),
    )


@dataclass(slots=True)
class Inventories:
    """What a scan of logs learns about set-ups by the way: judged where a build is known."""

    told: list[Told] = field(default_factory=list)

    def take(self, source: Source, skipped: list[Skipped]) -> bool:
        """Read a file that is an inventory; says whether it is nothing else."""
        if is_inventory(source.path, source.head):
            self.told += read_file(source, skipped)
            # Transport agents and addresses are records for rules, too.
            return registry.identify(source.head) is None
        if iis_configuration.recognises(source.path, source.head):
            # The scan itself says what of a configuration file cannot be read.
            self.told += read_file(source, [])
        return False

    def assessed(self, today: datetime.date) -> Assessed:
        """The posture of every server whose build was told."""
        if all(one.build is None for one in self.told):
            return (), ()
        found = [one for one in inventories(self.told, []) if one.builds]
        return _assessed(found, tables.load(tables.default_dir()), today)


def is_inventory(path: str, head: bytes) -> bool:
    """Say whether a file is an inventory and nothing else."""
    return any(reader.recognises(path, head) for reader in _IN_SCANS)


def _place(loss: Skipped) -> tuple[str, int, str]:
    return loss.source, -1 if loss.position is None else loss.position, loss.reason


def _run(settings: PostureSettings, read: fleet.Judged, started: int, stopped: bool) -> Run:
    return Run(
        version=__version__,
        started=started,
        finished=time.time_ns() // 1000,
        paths=settings.paths,
        rules_loaded=0,
        rules_unusable=0,
        files=read.files,
        files_not_evidence=read.not_evidence,
        records=read.told,
        size_bytes=read.size_bytes,
        interrupted=stopped,
        settings={"verb": "posture"},
    )
