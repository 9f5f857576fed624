"""Results with chosen findings and outcomes, for plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.incident import ServerVerdict, Verdict
from exward.model.outcome import About, Outcome, Status
from exward.model.posture import Precision, ServerPosture, Support, Update
from exward.model.result import Run, ScanResult
from exward.model.severity import Severity
from exward.model.stage import Stage

SERVER = "EX01.contoso.example"


def finding(fields: Mapping[str, str], **given: Any) -> Finding:
    """A finding of one record; `given` are fields of the finding as texts."""
    return Finding(
        id=str(given.get("id", "f1")),
        detector="sigma",
        rule=str(given.get("rule", "r1")),
        title=str(given.get("title", "Something was done")),
        severity=Severity(given.get("severity", "high")),
        confidence=Confidence.HIGH,
        stage=Stage(given.get("stage", "persistence")),
        techniques=tuple(given.get("techniques", ())),
        server=str(given.get("server", SERVER)),
        account="",
        source_ip=str(given.get("source_ip", "")),
        first=1,
        last=1,
        count=1,
        grade=Grade(given.get("grade", "success")),
        evidence=(Evidence(str(given.get("file", "a.evtx")), 7, 1, dict(fields)),),
        why=str(given.get("why", "a field has a value")),
        accepted=str(given.get("accepted", "")),
        path=str(given.get("path", "")),
    )


def outcome(**given: Any) -> Outcome:
    """A check that failed, unless `status` says otherwise."""
    return Outcome(
        check=str(given.get("check", "smb-1")),
        title=str(given.get("title", "SMB version 1 is off")),
        status=Status(given.get("status", "fail")),
        severity=Severity(given.get("severity", "high")),
        server=str(given.get("server", SERVER)),
        reason=str(given.get("reason", "EnableSMB1Protocol is True.")),
        fix=str(given.get("fix", "")),
        about=About(given.get("about", "configuration")),
        preview=str(given.get("preview", "")),
        undo=str(given.get("undo", "")),
        breaks=str(given.get("breaks", "")),
        why=str(given.get("why", "")),
        read_from=("inventory.json",),
    )


def result(
    findings: Sequence[Finding] = (),
    outcomes: Sequence[Outcome] = (),
    verdict: str = "",
    missing: Sequence[tuple[str, str]] = (),
) -> ScanResult:
    """One server's result; `missing` are updates by label and build."""
    verdicts = (ServerVerdict(SERVER, Verdict(verdict), "because", "would"),) if verdict else ()
    posture = ServerPosture(
        SERVER, "Exchange Server 2019", "15.2.1.1", "2019 CU12", "CU12", "", Precision.EXACT, True,
        Support.ENDED, "", 10, tuple(Update(*one, "2026-08-11", "KB1") for one in missing), (),
        "2026-08-11",
    )  # fmt: skip
    return ScanResult(
        run=Run("1.0", 0, 0, (), 0, 0, 1, 0, 1, 1),
        verdicts=verdicts,
        incidents=(),
        findings=tuple(findings),
        outcomes=tuple(outcomes),
        coverage=(),
        rules=(),
        skipped=(),
        postures=(posture,) if missing else (),
    )
