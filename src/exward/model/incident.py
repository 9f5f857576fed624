"""The attack as one story, and the verdict on each server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from exward.model.severity import Severity
from exward.model.stage import Stage


class Verdict(StrEnum):
    """The five words for a server, worst first."""

    COMPROMISED = "compromised"
    ATTEMPTED = "attempted"
    EXPOSED = "exposed"
    CLEAN = "clean"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of an incident: the findings that show it, in time order."""

    stage: Stage
    findings: tuple[str, ...]
    """Ids of findings, ordered by time."""
    first: int | None
    last: int | None
    summary: str
    """One sentence that names the most telling of what was seen."""
    joined_by: tuple[str, ...] = ()
    """The values, as `field=value`, that tie this step to an earlier one."""
    time: int | None = None
    """When what `summary` names was seen first; `first` and `last` are those of the stage."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process of an incident's process tree.

    `id` is unique in the incident, `parent` the id of the process that started it ("" for a
    root). `pool` is the IIS application pool of a w3wp.exe. Texts are cut; "" where not known.
    """

    id: str
    parent: str
    server: str
    time: int | None
    image: str
    command_line: str
    user: str
    pool: str
    pid: int | None
    findings: tuple[str, ...] = ()
    """Ids of the findings that are about this process."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings of one server (or linked servers) that belong together.

    `steps` are in attack-chain order; `joined_by` names the values that tie the findings
    together, as `field=value`. Times are microseconds since 1970-01-01 UTC.
    """

    id: str
    title: str
    servers: tuple[str, ...]
    severity: Severity
    first: int | None
    last: int | None
    steps: tuple[Step, ...]
    joined_by: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    source_ips: tuple[str, ...] = ()
    processes: tuple[Process, ...] = ()
    """The process tree behind the steps, parents before children, then by time."""


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """The verdict on one server, what decides it and what would change it."""

    server: str
    verdict: Verdict
    because: str
    would_change: str
    findings: tuple[str, ...] = ()
    """Ids of the findings that decide it, most telling first."""
