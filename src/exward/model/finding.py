"""A finding: one thing a detector saw, with the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from exward.model.severity import Severity
from exward.model.stage import Stage


class Grade(StrEnum):
    """What the evidence shows: somebody tried, somebody succeeded, or a state that was found."""

    ATTEMPT = "attempt"
    SUCCESS = "success"
    STATE = "state"


class Confidence(StrEnum):
    """How sure the detector is that the finding means what its title says."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that proves a finding.

    `file` is the path as the user gave it, an archive's member after `!`; `position` is the
    record id (EVTX, exports that carry it) or the 1-based line number; `time` is microseconds
    since 1970-01-01 UTC, None where the source carries none; `fields` is an excerpt of the
    record, possibly empty: the first few places of a finding carry it, later ones only point.
    """

    file: str
    position: int
    time: int | None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector found on one server; repetition is merged into `count`, `first`, `last`.

    `id` is the same for the same evidence on every run. Times are microseconds since
    1970-01-01 UTC or None. `server`, `account` and `source_ip` are "" where not known.
    `evidence` holds the earliest places, at most a fixed number; `count` counts them all.
    """

    id: str
    detector: str
    rule: str
    title: str
    severity: Severity
    confidence: Confidence
    stage: Stage
    techniques: tuple[str, ...]
    server: str
    account: str
    source_ip: str
    first: int | None
    last: int | None
    count: int
    grade: Grade
    evidence: tuple[Evidence, ...]
    why: str
    advice: str = ""
    references: tuple[str, ...] = ()
    accepted: str = ""
    """Who accepted this risk, why and until when; an accepted finding decides nothing."""
    explained: str = ""
    """What harmless event explains it, such as an installed update; its severity was lowered."""
    path: str = ""
    """The evidence path of the one file that it is about; "" where it is about records."""
    sha256: str = ""
    """Of the whole file at `path`, lower case hexadecimal; "" if it was too large to be read."""
    capabilities: tuple[str, ...] = ()
    """What the code of that file lets a stranger do, worst first (`webshells.sign.Capability`)."""
    lines: tuple[int, ...] = ()
    """1-based lines of that file that show it, at most a fixed number; none in a program."""
