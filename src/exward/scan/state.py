"""What the tasks of a scan have brought so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from exward.incidents.mail_story import Arrival
from exward.incidents.process_tree import Started
from exward.model.coverage import WebFileCoverage
from exward.model.finding import Finding
from exward.model.skipped import Skipped
from exward.posture.manifest import Collections
from exward.scan import lures, posture, sign_ins
from exward.scan.behaviour import Behaviour
from exward.scan.collect import Groups
from exward.scan.mailbox_rules import MAX_MAILBOXES
from exward.scan.signatures import Signatures
from exward.scan.tally import Span
from exward.scan.tasks import MAIL, Lure, Outcome, SignIn, SignInKey, Task
from exward.scan.web_files import WebFiles

MAX_STARTED = 60_000
"""Process creations kept for process trees, of all evidence together."""


@dataclass(slots=True)
class State:
    """What the tasks have brought so far."""

    groups: Groups = field(default_factory=Groups)
    spans: dict[tuple[str, str, str], Span] = field(default_factory=dict)
    """By (evidence file, format, log)."""
    sizes: dict[str, int] = field(default_factory=dict)
    routed: dict[str, set[str]] = field(default_factory=dict)
    """Ids of the rules that could fire on an event that occurred, by evidence file."""
    skipped: list[Skipped] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    web: WebFiles = field(default_factory=WebFiles)
    collected: Collections = field(default_factory=Collections)
    signatures: Signatures = field(default_factory=Signatures)
    web_counts: tuple[WebFileCoverage, ...] = ()
    web_findings: tuple[Finding, ...] = ()
    requested: dict[str, str] = field(default_factory=dict)
    """Id of the finding on a page → id of the rule for requests to it."""
    lures: list[Lure] = field(default_factory=list)
    harmful: int = 0
    messages: int = 0
    mail_files: int = 0
    sign_ins: dict[SignInKey, SignIn] = field(default_factory=dict)
    messages_came: Sequence[tuple[Finding, Sequence[Arrival]]] = ()
    """The finding on each wave of harmful messages, and its arrivals."""
    behaviour: Behaviour = field(default_factory=Behaviour)
    inventories: posture.Inventories = field(default_factory=posture.Inventories)
    records: int = 0
    files: int = 0
    not_evidence: int = 0
    stopped: bool = False

    def told(self) -> dict[str, str]:
        """In words what there was of mail, and what could be judged of accounts."""
        told = {"mail": self._mail(), "accounts": self.behaviour.told}
        return {name: text for name, text in told.items() if text}

    def counts(self) -> dict[tuple[str, str], int]:
        """Hits by rule and account."""
        found: Counter[tuple[str, str]] = Counter()
        for key, group in self.groups.exported()[0].items():
            found[key[0], key[2]] += group.count
        return dict(found)

    def _mail(self) -> str:
        if not self.messages:
            return ""
        boxes = {one.mailbox for _, arrivals in self.messages_came for one in arrivals}
        return (
            f"{self.messages:,} messages or verdicts, {self.harmful:,} harmful, "
            f"{len(self.lures):,} looked for, in "
            f"{len(boxes):,} mailboxes, of which {min(len(boxes), MAX_MAILBOXES):,} are followed"
        )


def take(state: State, task: Task, outcome: Outcome) -> None:
    """Put in what a task has brought."""
    state.groups.merge(dict(outcome.groups), dict(outcome.limits))
    state.routed.setdefault(task.source.path, set()).update(outcome.routed)
    state.skipped += outcome.skipped
    state.runs += outcome.runs
    state.web.take(outcome.web_files, outcome.findings, outcome.hints)
    state.signatures.gathered.take(outcome.signatures)
    state.started += outcome.started[: max(0, MAX_STARTED - len(state.started))]
    state.records += outcome.records
    state.harmful += len(outcome.lures)
    state.lures += outcome.lures
    if len(state.lures) > 2 * lures.MAX_LURES:
        state.lures = lures.kept(state.lures)
    state.messages += outcome.records if task.format == MAIL else 0
    sign_ins.merge(state.sign_ins, outcome.sign_ins)
    state.stopped = state.stopped or outcome.stopped
    for log, span in outcome.spans.items():
        key = (task.source.path, task.format, log)
        if key in state.spans:
            state.spans[key].merge(span)
        else:
            state.spans[key] = span
