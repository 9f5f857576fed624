"""Everything a scan says: the only thing a renderer gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exward.model.acceptance import Acceptance
from exward.model.coverage import RuleCoverage, SourceCoverage, StageCoverage, WebFileCoverage
from exward.model.finding import Finding
from exward.model.incident import Incident, ServerVerdict
from exward.model.outcome import Outcome
from exward.model.posture import ServerPosture
from exward.model.service_account import ServiceAccount
from exward.model.skipped import Skipped

SCHEMA = 1
"""Version of the JSONL objects; raised when a field changes its meaning."""
NOT_JUDGED = "not judged"
"""The setting of a run that says what the evidence told nothing of."""


@dataclass(frozen=True, slots=True)
class Run:
    """How the result came to be. Times are µs since 1970-01-01 UTC."""

    version: str
    started: int
    finished: int
    paths: tuple[str, ...]
    rules_loaded: int
    rules_unusable: int
    files: int
    files_not_evidence: int
    records: int
    size_bytes: int
    interrupted: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One scan. Every tuple is sorted by a full key: the same evidence gives the same bytes."""

    run: Run
    verdicts: tuple[ServerVerdict, ...]
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    coverage: tuple[SourceCoverage, ...]
    rules: tuple[RuleCoverage, ...]
    skipped: tuple[Skipped, ...]
    acceptances: tuple[Acceptance, ...] = ()
    web_files: tuple[WebFileCoverage, ...] = ()
    postures: tuple[ServerPosture, ...] = ()
    accounts: tuple[ServiceAccount, ...] = ()
    stages: tuple[StageCoverage, ...] = ()
