"""The look from outside: visit each server → judge its build and what it shows → result."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exward import __version__
from exward.incidents import verdict
from exward.model.errors import EvidenceError
from exward.model.incident import Verdict
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.result import Run, ScanResult
from exward.model.skipped import Skipped
from exward.posture import facts as tables
from exward.posture.assess import assess_build
from exward.posture.inventory import Inventory
from exward.posture.outside.address import Address
from exward.posture.outside.area import Document, documents
from exward.posture.outside.ask import ask
from exward.posture.outside.builds import that_count
from exward.posture.outside.checks import registry
from exward.posture.outside.seen import Seen
from exward.posture.outside.visit import Manners
from exward.scan.progress import Progress


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """Which servers to visit, one after the other, and how; `facts` None: the package's."""

    addresses: tuple[Address, ...]
    manners: Manners = field(default_factory=Manners)
    ports: tuple[int, ...] = ()
    """To be tried, too."""
    facts: Path | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """The result, and what was seen as areas of inventories."""

    result: ScanResult
    areas: tuple[Document, ...]


def probe(settings: ProbeSettings, progress: Progress) -> Probed:
    """Visit and judge; what is not told is *unknown*.

    Raises EvidenceError if no server answered, ContentError for bad tables of facts.
    """
    started = time.time_ns() // 1000
    today = datetime.datetime.now(datetime.UTC).date()
    known = tables.load(settings.facts)
    visited, skipped = _visited(settings, progress, today)
    postures: list[ServerPosture] = []
    outcomes: list[Outcome] = []
    for seen in visited:
        inventory = Inventory(seen.server, that_count(seen.builds))
        posture, found = assess_build(inventory, known, today)
        postures.append(posture)
        outcomes += [*found, *registry.ask(seen)]
    ordered = tuple(sorted(outcomes, key=lambda one: (one.server, one.check)))
    judged = verdict.judge((), (), (), skipped, ordered)
    result = ScanResult(
        run=_run(settings, visited, started, progress.cancelled()),
        verdicts=tuple(one for one in judged if one.verdict is Verdict.EXPOSED),
        incidents=(),
        findings=(),
        outcomes=ordered,
        coverage=(),
        rules=(),
        skipped=tuple(skipped),
        postures=tuple(sorted(postures, key=lambda one: one.server)),
    )
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Probed(result, tuple(one for seen in visited for one in documents(seen, now)))


def _visited(
    settings: ProbeSettings, progress: Progress, today: datetime.date
) -> tuple[list[Seen], list[Skipped]]:
    """What was seen; a server that answers nothing is a loss, but not if it is the only one."""
    visited: list[Seen] = []
    skipped: list[Skipped] = []
    failed: list[EvidenceError] = []
    for address in dict.fromkeys(settings.addresses):
        try:
            seen, lost = ask(address, settings.manners, progress.cancelled, today, settings.ports)
        except EvidenceError as error:
            failed.append(error)
            skipped.append(Skipped(address.origin, None, error.what))
            continue
        visited.append(seen)
        skipped += lost
    if failed and not visited and not progress.cancelled():
        raise failed[0]
    return visited, sorted(skipped, key=lambda one: (one.source, one.reason))


def _run(settings: ProbeSettings, visited: Sequence[Seen], started: int, stopped: bool) -> Run:
    replies = [reply for seen in visited for reply in seen.every_reply()]
    return Run(
        version=__version__,
        started=started,
        finished=time.time_ns() // 1000,
        paths=tuple(address.origin for address in settings.addresses),
        rules_loaded=0,
        rules_unusable=0,
        files=len(replies),
        files_not_evidence=0,
        records=len(replies),
        size_bytes=sum(len(reply.body) for reply in replies),
        interrupted=stopped,
    )
