"""The order in which people meet servers, findings and incidents."""

from __future__ import annotations

from dataclasses import replace

from exward.model.incident import ServerVerdict, Verdict
from exward.model.severity import Severity
from exward.reports.order import rank_findings, rank_incidents, rank_verdicts
from tests.reports.sample_result import clean_case, sample_result


def test_servers_that_need_an_act_come_first() -> None:
    verdicts = [ServerVerdict("s", verdict, "", "") for verdict in Verdict]
    assert [one.verdict for one in rank_verdicts(verdicts)] == [
        "compromised", "attempted", "exposed", "cannot-tell", "clean",
    ]  # fmt: skip


def test_findings_by_severity_then_time_and_those_without_a_time_last() -> None:
    first = clean_case().findings[0]
    wanted = [
        replace(first, severity=Severity.CRITICAL, first=0),
        replace(first, severity=Severity.CRITICAL, first=1),
        replace(first, severity=Severity.CRITICAL, first=None),
        replace(first, severity=Severity.LOW, first=0),
    ]
    assert rank_findings(reversed(wanted)) == wanted


def test_incidents_by_severity_then_time() -> None:
    first = sample_result().incidents[0]
    wanted = [
        replace(first, severity=Severity.HIGH, first=5),
        replace(first, severity=Severity.HIGH, first=None),
        replace(first, severity=Severity.LOW, first=0),
    ]
    assert rank_incidents(reversed(wanted)) == wanted
