"""Servers side by side, and what fails where."""

from dataclasses import replace

import pytest

from exward.model.outcome import About, Outcome, Status
from exward.model.posture import Precision, ServerPosture, Support, Update
from exward.model.severity import Severity
from exward.reports import html, table
from exward.reports.posture_view import MAX_NAMED, first_steps, fleet, groups, parts
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import empty_result


def posture(server, label="2019 CU15"):
    return ServerPosture(
        server, "Exchange Server 2019", "15.2.1748.10", label, "CU15", "", Precision.EXACT, True,
        Support.ENDED, "2025-10-14", 9, (Update("Aug26SU", "15.2.1748.49", "2026-08-11"),),
        ("x",), "2026-08-11",
    )  # fmt: skip


def outcome(server, check="cve-2026-1", status=Status.FAIL, severity=Severity.HIGH, **more):
    about = About.VULNERABILITY if check.startswith("cve") else About.CONFIGURATION
    return Outcome(check, f"{check} is closed", status, severity, server, "r", about=about, **more)


def test_the_worst_server_comes_first_and_the_odd_one_is_marked():
    rows = fleet(
        [posture("A"), posture("B"), posture("C", "2016 CU23")],
        [
            outcome("A", severity=Severity.CRITICAL), outcome("A", "smb-1"),
            outcome("B", severity=Severity.MEDIUM, exploited=True),
            outcome("C", status=Status.UNKNOWN), outcome("C", status=Status.PASS),
        ],
    )  # fmt: skip
    assert [(row.posture.server, row.is_odd) for row in rows] == [
        ("B", False), ("A", False), ("C", True),
    ]  # fmt: skip
    assert [(row.open, row.exploited, row.unknown, row.weak) for row in rows] == [
        (1, 1, 0, 0), (1, 0, 0, 1), (0, 0, 1, 0),
    ]  # fmt: skip


def test_of_two_builds_neither_is_odd():
    assert not any(row.is_odd for row in fleet([posture("A"), posture("B", "x")], []))
    assert fleet([], []) == ()


def test_groups_name_where_a_check_fails_worst_first():
    many = [outcome(f"S{number:03}") for number in range(30)]
    found = groups(
        [*many, outcome("A", status=Status.UNKNOWN), outcome("A", "smb-1", Status.PASS),
         outcome("A", "cve-2026-2", exploited=True), outcome("A", "tls", Status.UNKNOWN)]
    )  # fmt: skip
    assert [(one.worst.check, one.failed, one.unknown) for one in found] == [
        ("cve-2026-2", 1, 0), ("cve-2026-1", 30, 1), ("tls", 0, 1),
    ]  # fmt: skip
    assert len(found[1].servers) == MAX_NAMED


def test_updates_come_first_and_say_what_they_close():
    old = "Install Jun26SU or later."
    found = first_steps(
        [outcome(server, "newest-update", fix="Install Aug26SU.") for server in ("A", "B")]
        + [outcome("C", "newest-update", fix="Install CU15."),
           outcome("A", "cve-2026-1", exploited=True, fix=old),
           outcome("B", "cve-2026-1", exploited=True, fix=old),
           outcome("C", "cve-2026-2", exploited=True, fix="Set it."),
           outcome("D", "cve-2026-1", exploited=True, fix=old),
           outcome("A", "cve-2026-3", fix=old), outcome("A", "smb-1", fix="Switch it off."),
           outcome("B", "cve-2026-9", Status.PASS, exploited=True, fix=old)]
    )  # fmt: skip
    assert [(one.fix, one.closes, one.servers, one.count) for one in found] == [
        ("Install Aug26SU.", ("cve-2026-1",), ("A", "B"), 2),
        ("Install CU15.", (), ("C",), 1),
        (old, ("cve-2026-1",), ("D",), 1),
        ("Set it.", ("cve-2026-2",), ("C",), 1),
    ]


def test_without_updates_and_exploits_the_worst_failure_is_first():
    weak = [outcome("A", "tls", severity=Severity.LOW, fix="x"), outcome("A", "smb-1", fix="y"),
            outcome("B", "smb-1", fix="y")]  # fmt: skip
    assert [(one.fix, one.count) for one in first_steps(weak)] == [("y", 2)]
    assert first_steps([outcome("A", status=Status.UNKNOWN, fix="x")]) == ()


def test_what_can_wait_is_apart_from_what_cannot():
    found = parts(groups(
        [outcome("A", "cve-2026-1", exploited=True), outcome("A", "cve-2026-2"),
         outcome("A", "smb-1"), outcome("A", "tls", Status.UNKNOWN),
         outcome("A", "hsts", Status.UNKNOWN), outcome("B", "hsts")]
    ))  # fmt: skip
    named = [
        [one.worst.check for one in part] for part in (found.grave, found.other, found.unknown)
    ]
    assert named == [["cve-2026-1", "hsts", "smb-1"], ["cve-2026-2"], ["tls"]]


@pytest.fixture
def result():
    return replace(
        empty_result(),
        postures=(posture("EX01"), posture("EX02")),
        outcomes=(
            outcome("EX01", exploited=True, fix="Install it.", undo="Undo it."),
            outcome("EX02", status=Status.PASS),
        ),
    )


def test_the_page_shows_servers_and_what_is_open(result):
    text = "".join(html.render(result))
    assert '<h2 id="posture-title">Posture</h2>' in text
    assert "cve-2026-1 is closed" in text
    assert "Install it." in text
    assert "fails on 1, not known on 0 servers" in text
    assert 'id="checks"' not in text
    assert text.index("What to do first") < text.index("What is open")
    for section in ("story", "findings", "coverage"):  # no log was read: nothing to say there
        assert f'href="#{section}"' not in text
        assert f'id="{section}"' not in text


def test_what_is_to_be_done_is_not_cut(result):
    outcomes = (outcome("EX01", "newest-update", fix=f"Install {'a very long name ' * 9}at last."),)
    text = "".join(table.render(replace(result, outcomes=outcomes)))
    assert "at last." in text
    assert "--plan plan.ps1" in text
    assert max(map(len, text.splitlines())) <= 100


def test_hostile_values_do_not_reach_page_or_terminal():
    hostile = replace(hostile_result(), coverage=())
    page = "".join(html.render(hostile))
    assert "<script>alert" not in page
    assert "\x1b" not in "".join(table.render(hostile))
