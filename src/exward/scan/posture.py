"""The posture check: read inventories → judge each server → result."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field
from pathlib import Path

from exward import __version__
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.incidents import verdict
from exward.model.incident import Verdict
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.result import Run, ScanResult
from exward.model.skipped import Skipped
from exward.posture import facts as tables
from exward.posture.assess import assess
from exward.posture.gather import Gathered, gather
from exward.scan.progress import Progress


@dataclass(frozen=True, slots=True)
class PostureSettings:
    """What to read. `today` None: the present day, UTC; `facts` None: those of the package."""

    paths: tuple[str, ...]
    password: str | None = field(default=None, repr=False)
    facts: Path | None = None
    today: datetime.date | None = None


def check(settings: PostureSettings, progress: Progress) -> ScanResult:
    """Judge every server that the evidence tells of.

    Raises EvidenceError if a path does not exist, ContentError for bad tables of facts.
    """
    started = time.time_ns() // 1000
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    known = tables.load(settings.facts)
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password=settings.password)
        gathered = gather(settings.paths, options, progress.cancelled)
    postures: list[ServerPosture] = []
    outcomes: list[Outcome] = []
    for inventory in gathered.inventories:
        posture, found = assess(inventory, known, today)
        postures.append(posture)
        outcomes += found
    skipped = tuple(sorted(gathered.skipped, key=_place))
    judged = verdict.judge((), (), (), skipped, outcomes)
    return ScanResult(
        run=_run(settings, gathered, started, progress.cancelled()),
        verdicts=tuple(one for one in judged if one.verdict is Verdict.EXPOSED),
        incidents=(),
        findings=(),
        outcomes=tuple(sorted(outcomes, key=lambda one: (one.server, one.check))),
        coverage=(),
        rules=(),
        skipped=skipped,
        postures=tuple(sorted(postures, key=lambda one: one.server)),
    )


def _place(loss: Skipped) -> tuple[str, int, str]:
    return loss.source, -1 if loss.position is None else loss.position, loss.reason


def _run(settings: PostureSettings, gathered: Gathered, started: int, stopped: bool) -> Run:
    return Run(
        version=__version__,
        started=started,
        finished=time.time_ns() // 1000,
        paths=settings.paths,
        rules_loaded=0,
        rules_unusable=0,
        files=gathered.files,
        files_not_evidence=gathered.not_evidence,
        records=gathered.told,
        size_bytes=gathered.size_bytes,
        interrupted=stopped,
    )
