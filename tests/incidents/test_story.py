"""What an incident says of itself."""

from __future__ import annotations

import pytest

from exward.incidents.story import MAX_JOINS, shortened, tell
from exward.model.finding import Grade
from tests.incidents.cases import HOUR, START, finding

ENTRY = finding("exploit", "initial-access", at=START, source_ip="8.8.8.8")
DUMP = finding("dump", "credential-access", at=START + HOUR, account="eve")


def test_steps_follow_the_chain_and_the_title_names_the_ends() -> None:
    tried = finding("probe", "initial-access", "medium", at=START - HOUR, grade=Grade.ATTEMPT)
    late = finding("low", "credential-access", "low", at=None)
    incident = tell(
        [late, DUMP, ENTRY, tried], ["path=/a.aspx", "account=eve", "source_ip=8.8.8.8"]
    )
    assert incident.title == "Credential access reached on EX01, entry: Rule exploit"
    assert [step.stage.value for step in incident.steps] == ["initial-access", "credential-access"]
    assert incident.steps[0].findings == ("id-probe", "id-exploit")
    assert incident.steps[0].summary == "Rule exploit: exploit was seen, and 1 other sign."
    assert incident.steps[1].findings == ("id-dump", "id-low")
    assert (incident.first, incident.last) == (START - HOUR, START + HOUR)
    assert incident.joined_by == ("source_ip=8.8.8.8", "path=/a.aspx", "account=eve")
    assert (incident.accounts, incident.source_ips) == (("eve",), ("8.8.8.8",))


@pytest.mark.parametrize(
    ("members", "title"),
    [
        ([DUMP], "Credential access on EX01: Rule dump"),
        (
            [finding("page", "web-shell", path=r"C:\inetpub\wwwroot\aspnet_client\x.aspx")],
            "Web shell on EX01: Rule page (x.aspx)",
        ),
        (
            [DUMP, finding("task", "persistence")],
            "Persistence reached on EX01, entry: not seen",
        ),
        (
            [finding("probe", "initial-access", grade=Grade.ATTEMPT)],
            "Attempt on EX01: Rule probe",
        ),
        (
            [
                finding("probe", "initial-access", grade=Grade.ATTEMPT, server="EX00"),
                finding("shell", "web-shell"),
            ],
            "Web shell reached on EX01, entry: Rule shell",
        ),
        (
            [DUMP, finding("dump2", "credential-access", "medium", server="EX02")],
            "Credential access on EX01 and 1 more: Rule dump",
        ),
    ],
)
def test_titles(members: list, title: str) -> None:
    assert tell(members, []).title == title


@pytest.mark.parametrize(
    ("stages", "severity", "expected"),
    [
        (["exploration", "account"], "medium", "medium"),
        (["exploration", "account", "impact"], "medium", "high"),
        (["exploration", "account", "impact"], "critical", "critical"),
    ],
)
def test_severity_rises_with_the_stages_done(
    stages: list[str], severity: str, expected: str
) -> None:
    members = [finding(stage, stage, severity) for stage in stages]
    assert tell(members, []).severity == expected
    tried = [finding(stage, stage, severity, grade=Grade.ATTEMPT) for stage in stages]
    assert tell(tried, []).severity == severity


def test_an_attempt_is_told_as_such() -> None:
    (step,) = tell([finding("probe", "initial-access", grade=Grade.ATTEMPT, why="")], []).steps
    assert step.summary == "Attempt only: Rule probe."


def test_no_times() -> None:
    incident = tell([finding("x", at=None)], [])
    assert (incident.first, incident.last) == (None, None)


def test_joins_are_bounded() -> None:
    incident = tell([DUMP], [f"LogonId={number:03}" for number in range(MAX_JOINS + 5)])
    assert len(incident.joined_by) == MAX_JOINS + 1
    assert incident.joined_by[-1] == "and 5 more values"


def test_the_id_names_the_members() -> None:
    assert tell([DUMP, ENTRY], []).id == tell([ENTRY, DUMP], ["path=/a"]).id
    assert tell([DUMP], []).id != tell([DUMP, ENTRY], []).id


def test_long_texts_are_shortened() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"
