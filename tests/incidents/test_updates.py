"""What an installed update explains."""

from __future__ import annotations

from dataclasses import replace

from exward.incidents import updates
from exward.model.finding import Finding
from exward.model.severity import Severity
from tests.incidents.cases import HOUR, MINUTE, START, finding

MARKS = {"installed": "exchange-update"}
EXPLAINED_BY = {"stopped": ("exchange-update",)}


def explain(*found: Finding) -> dict[str, Finding]:
    return {one.id: one for one in updates.explain(found, MARKS, EXPLAINED_BY)}


def test_an_act_during_an_installation_is_lowered_and_says_why() -> None:
    told = explain(finding("installed", at=START), finding("stopped", at=START + 10 * MINUTE))
    assert told["id-stopped"].severity is Severity.LOW
    assert "update" in told["id-stopped"].explained
    assert told["id-installed"].explained == ""


def test_the_same_act_hours_later_stands() -> None:
    told = explain(finding("installed", at=START), finding("stopped", at=START + 3 * HOUR))
    assert told["id-stopped"].severity is Severity.HIGH


def test_an_act_that_goes_on_after_the_installation_stands() -> None:
    long = finding("stopped", at=START, last=START + 3 * HOUR)
    assert explain(finding("installed", at=START), long)["id-stopped"].severity is Severity.HIGH


def test_another_server_s_update_explains_nothing() -> None:
    other = finding("stopped", at=START, server="EX02")
    assert explain(finding("installed", at=START), other)["id-stopped"].explained == ""


def test_a_rule_that_names_no_mark_is_never_lowered() -> None:
    told = explain(finding("installed", at=START), finding("shell", at=START))
    assert told["id-shell"].severity is Severity.HIGH


def test_what_was_lower_is_not_raised() -> None:
    slight = replace(finding("stopped", at=START), severity=Severity.INFORMATIONAL)
    told = explain(finding("installed", at=START), slight)
    assert told["id-stopped"].severity is Severity.INFORMATIONAL
