"""Findings that belong together become one incident; others stay apart."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from exward.incidents import chain
from exward.incidents.attribution import UNKNOWN_HOST
from exward.model.finding import Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from tests.incidents.cases import DAY, HOUR, MINUTE, START, finding

ATTEMPT = Grade.ATTEMPT


def groups(*findings: Finding) -> list[set[str]]:
    incidents = chain.build(findings)
    return sorted(
        (
            {i.removeprefix("id-") for step in each.steps for i in step.findings}
            for each in incidents
        ),
        key=sorted,
    )


def shell(**changes: Any) -> Finding:
    """A request to a web shell from outside."""
    fields = {"cs-uri-stem": "/aspnet_client/a.aspx", "c-ip": "8.8.8.8"}
    return finding("shell", "web-shell", "high", fields=fields, **changes)


def child(**changes: Any) -> Finding:
    """The program that the shell starts, later on."""
    fields = {"ProcessGuid": "{A}", "ParentProcessGuid": "{W}", "LogonId": "0x99"}
    values: dict[str, Any] = {"at": START + 2 * HOUR, "fields": fields}
    return finding("child", "exploration", "high", **(values | changes))


@pytest.mark.parametrize(
    ("other", "joined_by"),
    [
        pytest.param(
            finding(
                "drop", "web-shell", at=START + 20 * DAY,
                fields={"TargetFilename": r"C:\inetpub\wwwroot\aspnet_client\A.aspx"},
            ),
            "path=/aspnet_client/a.aspx", id="path",
        ),
        pytest.param(
            finding("exploit", "initial-access", at=START + DAY, source_ip="8.8.8.8"),
            "source_ip=8.8.8.8", id="address",
        ),
        pytest.param(
            finding("exploit", "initial-access", at=START - DAY, source_ip="8.8.8.8",
                    server="EX02"),
            "source_ip=8.8.8.8", id="address on another server",
        ),
        pytest.param(
            finding("next", "exploration", at=START + 10 * MINUTE),
            "time=steps within 15 minutes", id="time",
        ),
        pytest.param(
            finding("next", "exploration", "medium", at=START + 10 * MINUTE),
            "time=steps within 15 minutes", id="time, if one of them is high",
        ),
    ],
)  # fmt: skip
def test_joined(other: Finding, joined_by: str) -> None:
    (incident,) = chain.build([shell(), other])
    assert incident.joined_by == (joined_by,)
    assert incident.servers == tuple(sorted({"EX01", other.server}))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(finding("x", "exploration", at=START + 16 * MINUTE), id="too late"),
        pytest.param(finding("x", "impact", at=START + MINUTE), id="no usual next step"),
        pytest.param(finding("x", "exploration", at=None), id="no time"),
        pytest.param(
            finding("x", "exploration", at=START + MINUTE, server="EX02"), id="another server"
        ),
        pytest.param(
            finding("x", "web-shell", at=START + MINUTE, grade=ATTEMPT), id="a mere attempt"
        ),
        pytest.param(
            finding("x", "initial-access", at=START + 31 * DAY, source_ip="8.8.8.8"),
            id="the same address long after",
        ),
        pytest.param(
            finding("x", "exposure", at=START, source_ip="8.8.8.8"), id="no stage of the chain"
        ),
    ],
)
def test_not_joined(other: Finding) -> None:
    assert {"shell"} in groups(shell(), other)


def test_lineage_reaches_over_days_and_stays_on_its_server() -> None:
    grandchild = finding(
        "dump", "credential-access", at=START + 3 * DAY, fields={"ParentProcessGuid": "{A}"}
    )
    assert groups(child(), grandchild) == [{"child", "dump"}]
    assert groups(child(), replace(grandchild, server="EX02")) == [{"child"}, {"dump"}]


@pytest.mark.parametrize(
    ("field", "value", "later", "together"),
    [
        ("LogonId", "0x99", 20 * HOUR, True),
        ("LogonId", "0x99", 30 * HOUR, False),
        ("ProcessId", "0xa28", 50 * MINUTE, True),
        ("ProcessId", "0xa28", 70 * MINUTE, False),
        ("SubjectUserName", "eve", 20 * HOUR, True),
        ("SubjectUserName", "eve", 30 * HOUR, False),
        ("SubjectUserName", "SYSTEM", 20 * MINUTE, False),
        ("SubjectUserName", "EX01$", 20 * MINUTE, False),
        ("c-ip", "127.0.0.1", 20 * MINUTE, False),
        ("c-ip", "-", 20 * MINUTE, False),
    ],
)
def test_windows(field: str, value: str, later: int, together: bool) -> None:
    one = finding("one", "exploration", fields={field: value})
    two = finding("two", "impact", at=START + later, fields={field: value})
    assert len(groups(one, two)) == (1 if together else 2)


def test_built_in_accounts_do_not_link_servers() -> None:
    def on(server: str, account: str) -> Finding:
        return finding(server, server=server, account=account, at=START)

    assert len(groups(on("EX01", "Administrator"), on("EX02", "Administrator"))) == 2
    assert len(groups(on("EX01", "svc-backup"), on("EX02", "svc-backup"))) == 1


def test_the_servers_own_address_joins_nothing() -> None:
    fields = {"s-ip": "20.0.0.5", "c-ip": "20.0.0.5"}
    one = finding("one", fields=fields)
    two = finding("two", "impact", at=START + HOUR, fields=fields)
    assert len(groups(one, two)) == 2


def test_a_value_of_very_many_rules_joins_nothing() -> None:
    many = [
        finding(f"r{number:03}", at=START + number * HOUR // 2, account="admin")
        for number in range(61)
    ]
    assert len(groups(*many)) == 61
    assert len(groups(*many[:60])) == 1


def test_one_rule_on_many_accounts_is_still_one_value() -> None:
    many = [
        finding(f"spray-{number}", "initial-access", "medium", at=START + number * HOUR,
                rule="spray", source_ip="8.8.8.8")
        for number in range(300)
    ]  # fmt: skip
    assert len(groups(*many)) == 1


def test_low_findings_are_taken_in_but_connect_nothing() -> None:
    one = finding("one", fields={"c-ip": "8.8.8.8"})
    two = finding("two", at=START + 2 * HOUR, fields={"c-ip": "9.9.9.9"})
    low = finding("low", "initial-access", "low", at=START + HOUR,
                  fields={"c-ip": "8.8.8.8", "ClientIP": "9.9.9.9"})  # fmt: skip
    late = finding("late", "initial-access", "low", at=START + 40 * DAY, source_ip="8.8.8.8")
    account = finding("account", "exploration", "low", account="eve")
    assert groups(one, two, low, late, account) == [{"low", "one"}, {"two"}]
    assert groups(low, late, account) == []


def test_what_an_account_does_near_a_grave_step_belongs_to_it() -> None:
    grave = finding("grave", "account", account="eve")
    near = finding("near", "defence-evasion", "low", account="eve", at=START + HOUR // 2)
    far = finding("far", "defence-evasion", "low", account="eve", at=START + 3 * HOUR)
    other = finding("other", "defence-evasion", "low", account="bob", at=START + HOUR // 2)
    assert groups(grave, near, far, other) == [{"grave", "near"}]
    tried = finding("tried", "account", account="eve", grade=Grade.ATTEMPT)
    assert groups(tried, near) == []


def test_low_findings_join_by_lineage_at_any_time() -> None:
    low = finding("low", severity="low", at=None, fields={"ProcessGuid": "{A}"})
    assert groups(child(), low) == [{"child", "low"}]


@pytest.mark.parametrize(
    ("severity", "grade", "tells"),
    [
        ("high", Grade.SUCCESS, True),
        ("high", Grade.STATE, True),
        ("high", Grade.ATTEMPT, False),
        ("medium", Grade.SUCCESS, False),
        ("low", Grade.SUCCESS, False),
    ],
)
def test_a_single_finding(severity: str, grade: Grade, tells: bool) -> None:
    assert bool(groups(finding("one", severity=severity, grade=grade))) is tells


def test_nearness_means_nothing_on_an_unknown_host() -> None:
    one = finding("one", server=UNKNOWN_HOST)
    two = finding("two", at=START + MINUTE, server=UNKNOWN_HOST)
    assert len(groups(one, two)) == 2


def test_the_order_of_findings_does_not_matter() -> None:
    chosen = random.Random(5)
    stages = [stage.value for stage in CHAIN]
    findings = [
        finding(
            f"f{number}", chosen.choice(stages), chosen.choice(["low", "medium", "high"]),
            at=START + number * HOUR, server=f"EX0{number % 3}",
            fields={"ProcessGuid": f"{{{chosen.randrange(40)}}}", "LogonId": "0x77"},
        )
        for number in range(120)
    ]  # fmt: skip
    first = chain.build(findings)
    chosen.shuffle(findings)
    assert chain.build(findings) == first
    assert first


def test_every_stage_has_its_next_steps() -> None:
    assert tuple(chain.NEXT_STEPS) == CHAIN
    assert all(step in CHAIN for steps in chain.NEXT_STEPS.values() for step in steps)


def test_worst_first() -> None:
    many = chain.build([shell(), child(), finding("other", "impact", "critical", at=START + DAY)])
    assert [incident.severity for incident in many] == [
        Severity.CRITICAL, Severity.HIGH, Severity.HIGH,
    ]  # fmt: skip


def test_nothing() -> None:
    assert chain.build([]) == ()
    assert chain.build([finding("x", Stage.BEHAVIOUR.value)]) == ()


def test_two_findings_on_one_file_are_one_incident_wherever_it_lies():
    same = [
        finding(name, "web-shell", at=None, path="case.zip!logon.aspx", grade=Grade.STATE)
        for name in ("code", "signature")
    ]
    other = finding("other", "web-shell", at=None, path="case.zip!x.aspx", grade=Grade.STATE)
    one, two = sorted(chain.build([*same, other]), key=lambda story: len(story.steps[0].findings))
    assert set(two.steps[0].findings) == {"id-code", "id-signature"}
    assert two.joined_by == ("file=case.zip!logon.aspx",)
    assert one.joined_by == ()
