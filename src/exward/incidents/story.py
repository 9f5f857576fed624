"""Puts findings that belong together into words: title, steps in attack-chain order, severity."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from exward.incidents.grading import is_acted, is_attempt, time_key, weight_key
from exward.model.incident import Incident, Step
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from exward.model.finding import Finding

MAX_JOINS = 24
"""Joining values that are named; the rest is counted in one more entry."""
MAX_NAME_CHARS = 60
MAX_TEXT_CHARS = 300
MAX_STEP_JOINS = 6

SUCCESSFUL_STAGES_TO_RAISE = 3
"""So many stages done are worse than each alone: the severity goes up by one."""


def tell(
    members: Sequence[Finding],
    ties: Iterable[str],
    values: Mapping[str, set[str]] | None = None,
) -> Incident:
    """Make one incident of findings in stages of the chain and the `field=value` joins.

    `values`: finding id → which of the joins it holds.
    """
    ordered = sorted(members, key=time_key)
    stages: defaultdict[Stage, list[Finding]] = defaultdict(list)
    for finding in ordered:
        stages[finding.stage].append(finding)
    first, last = span(ordered)
    return Incident(
        id=sha256("\n".join(sorted(f.id for f in ordered)).encode()).hexdigest()[:32],
        title=_title(ordered),
        servers=tuple(sorted({finding.server for finding in ordered})),
        severity=_severity(ordered),
        first=first,
        last=last,
        steps=tuple(_steps(stages, values or {})),
        joined_by=_named(ties),
        accounts=tuple(sorted({f.account for f in ordered if f.account})),
        source_ips=tuple(sorted({f.source_ip for f in ordered if f.source_ip})),
    )


def _steps(
    stages: Mapping[Stage, Sequence[Finding]], values: Mapping[str, set[str]]
) -> Iterator[Step]:
    """The steps in order of the chain, each with the values that an earlier one has, too."""
    earlier: set[str] = set()
    for stage in CHAIN:
        if stage in stages:
            own = {name for finding in stages[stage] for name in values.get(finding.id, ())}
            shared = sorted((shortened(name) for name in own & earlier), key=_tie_key)
            yield replace(step_of(stage, stages[stage]), joined_by=tuple(shared[:MAX_STEP_JOINS]))
            earlier |= own


def span(findings: Iterable[Finding]) -> tuple[int | None, int | None]:
    """First and last time of findings, µs UTC; None if none carries a time."""
    times = [time for f in findings for time in (f.first, f.last) if time is not None]
    return (min(times), max(times)) if times else (None, None)


def shortened(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """`text` without its end if it is too long for a sentence."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def step_of(stage: Stage, findings: Sequence[Finding]) -> Step:
    """One stage of an incident, told by the most telling of its findings."""
    told = min(findings, key=weight_key)
    others = len({f.rule for f in findings} - {told.rule})
    reason = f": {shortened(told.why).rstrip('.')}" if told.why else ""
    more = f", and {others} other {'sign' if others == 1 else 'signs'}" if others else ""
    tried = "Attempt only: " if is_attempt(told) else ""
    first, last = span(findings)
    return Step(
        stage=stage,
        findings=tuple(finding.id for finding in findings),
        first=first,
        last=last,
        summary=f"{tried}{shortened(told.title)}{reason}{more}.",
        time=told.first,
    )


def _title(findings: Sequence[Finding]) -> str:
    acted = [finding for finding in findings if is_acted(finding)]
    servers = sorted({finding.server for finding in acted or findings})
    where = servers[0] if len(servers) == 1 else f"{servers[0]} and {len(servers) - 1} more"
    if not acted:
        told = min(findings, key=weight_key)
        return f"Attempt on {where}: {shortened(told.title)}"
    farthest = max(acted, key=lambda f: f.stage.order).stage
    entries = [f for f in findings if f.stage in {Stage.INITIAL_ACCESS, Stage.WEB_SHELL}]
    if len({finding.stage for finding in findings}) == 1:
        told = min(acted, key=weight_key)
        return f"{_name(farthest)} on {where}: {shortened(told.title)}{_of_file(told)}"
    entry = shortened(min(entries, key=_entry_key).title) if entries else "not seen"
    return f"{_name(farthest)} reached on {where}, entry: {entry}"


def _of_file(finding: Finding) -> str:
    """The name of the file that a finding is about: stories of several files look alike."""
    name = re.split(r"[/\\!]", finding.path)[-1]
    return f" ({shortened(name, MAX_NAME_CHARS)})" if name else ""


def _entry_key(finding: Finding) -> tuple[bool, int, int, str]:
    """Prefer an entry that succeeded, by the earlier stage, then the earlier one."""
    return (not is_acted(finding), finding.stage.order, *time_key(finding))


def _name(stage: Stage) -> str:
    return stage.value.replace("-", " ").capitalize()


def _severity(findings: Sequence[Finding]) -> Severity:
    rank = max(finding.severity.rank for finding in findings)
    done = len({finding.stage for finding in findings if is_acted(finding)})
    raised = rank + 1 if done >= SUCCESSFUL_STAGES_TO_RAISE else rank
    return tuple(Severity)[min(raised, Severity.CRITICAL.rank)]


def _named(ties: Iterable[str]) -> tuple[str, ...]:
    names = sorted({shortened(tie) for tie in ties}, key=_tie_key)
    if len(names) <= MAX_JOINS:
        return tuple(names)
    return (*names[:MAX_JOINS], f"and {len(names) - MAX_JOINS} more values")


def _tie_key(tie: str) -> tuple[int, str]:
    name = tie.partition("=")[0]
    return (_TELLING.index(name) if name in _TELLING else len(_TELLING), tie)


_TELLING = (
    *("source_ip", "destination_ip", "path", "hash", "mailbox", "account", "request", "LogonId"),
    "ProcessGuid",
)
"""Names of joins that people can use at once come first."""
