"""Accepted risks: an entry covers what it says, where it says, until it says, and nothing else."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from exward.incidents import acceptance
from exward.incidents.acceptance import Entry, Level, Tuning
from exward.model.acceptance import Standing
from exward.model.finding import Evidence
from tests.incidents.cases import finding

TODAY = datetime.date(2026, 11, 25)
ENTRY = Entry(id="e1", rule="r1", why="backup", who="j.doe", until=datetime.date(2026, 12, 31))


def _record(**fields: str):
    return lambda name: [fields[name]] if name in fields else []


@pytest.mark.parametrize(
    ("conditions", "covered"),
    [
        ({}, True),
        ({"account": r"contoso\SVC-*"}, True),
        ({"account": "other"}, False),
        ({"source_ip": "10.0.0.0/24"}, True),
        ({"source_ip": "10.0.0.9"}, True),
        ({"source_ip": "10.0.1.0/24"}, False),
        ({"source_ip": "fe80::/10"}, False),
        ({"fields": {"CommandLine": r"*\backup\agent.ps?"}}, True),
        ({"fields": {"CommandLine": "*[a-z]*"}}, False),
        ({"fields": {"Image": "*"}}, False),
        ({"fields": {"CommandLine": "*", "Image": "*"}}, False),
    ],
)
def test_a_record_is_covered_if_every_condition_holds(conditions, covered):
    entry = Entry(id="e1", rule="r1", why="w", who="m", until=None, **conditions)
    record = _record(CommandLine=r"powershell -File D:\Backup\agent.ps1")
    assert acceptance.covers_record(entry, r"CONTOSO\svc-backup", "10.0.0.9", record) is covered


def test_a_record_without_an_address_is_not_from_the_network():
    entry = Entry(id="e", rule="r", why="w", who="m", until=None, source_ip="0.0.0.0/0")
    assert not acceptance.covers_record(entry, "", "", _record())


@pytest.mark.parametrize(
    ("server", "covered"), [("EX01", True), ("ex01.contoso.example", True), ("EX0?", True),
                            ("EX02", False), ("contoso.example", False)],
)  # fmt: skip
def test_a_server_is_meant_by_its_full_name_or_its_first_label(server, covered):
    entry = Entry(id="e", rule="r", why="w", who="m", until=None, server=server)
    assert acceptance.covers_server(entry, "EX01.contoso.example") is covered


def test_an_entry_covers_a_finding_only_if_all_its_records_were_covered():
    one, other = finding("r1", id="a"), finding("r1", id="b")
    marked, fared = acceptance.apply(
        [one, other], Tuning((ENTRY,)), {"a": ("e1",), "b": ("",)}, TODAY
    )
    assert [bool(each.accepted) for each in marked] == [True, False]
    assert "j.doe" in marked[0].accepted
    assert "2026-12-31" in marked[0].accepted
    assert (fared[0].standing, fared[0].findings) == (Standing.USED, 1)


def test_an_expired_entry_covers_nothing_and_says_so():
    late = datetime.date(2027, 1, 1)
    marked, fared = acceptance.apply(
        [finding("r1", id="a")], Tuning((ENTRY,)), {"a": ("e1",)}, late
    )
    assert not marked[0].accepted
    assert (fared[0].standing, fared[0].findings) == (Standing.EXPIRED, 1)
    assert not acceptance.is_expired(ENTRY, datetime.date(2026, 12, 31))


def test_an_entry_without_a_finding_is_unused():
    _, fared = acceptance.apply([], Tuning((ENTRY,)), {}, TODAY)
    assert fared[0].standing is Standing.UNUSED


def test_a_finding_of_other_detectors_is_compared_place_by_place():
    entry = Entry(
        id="e", rule="r1", why="w", who="m", until=None, fields={"UrlStem": "/owa/auth/ours.aspx"}
    )
    ours = Evidence("f", 1, 1, {"UrlStem": "/owa/auth/ours.aspx"})
    foreign = Evidence("f", 2, 2, {"UrlStem": "/owa/auth/x.aspx"})
    base = finding("r1", id="a")
    assert acceptance.covers_finding(entry, replace(base, evidence=(ours, ours)))
    assert not acceptance.covers_finding(entry, replace(base, evidence=(ours, foreign)))
    assert not acceptance.covers_finding(entry, replace(base, evidence=()))
    assert not acceptance.covers_finding(entry, replace(base, rule="r2", evidence=(ours,)))


@pytest.mark.parametrize(
    ("names", "count", "accepted"),
    [("ab", 2, True), ("a", 1, True), ("abc", 3, False), ("ab", 101, False)],
)
def test_entries_cover_a_finding_together_if_no_place_is_left(names, count, accepted):
    entries = tuple(
        Entry(id=name, rule="r1", why="w", who="m", until=None, fields={"mailbox": name})
        for name in "ab"
    )
    places = tuple(Evidence("f", 1, 1, {"mailbox": name}) for name in names)
    given = replace(finding("r1", id="a"), evidence=places, count=count)
    (marked,), fared = acceptance.apply([given], Tuning(entries), {}, TODAY)
    assert bool(marked.accepted) == accepted
    if accepted:
        assert [one.findings for one in fared] == [int(one.entry in names) for one in fared]


def test_a_level_for_a_rule_that_is_not_loaded_is_unused():
    tuning = Tuning(levels=(
        Level(id="l1", rule="here", level="low", why="w", who="m"),
        Level(id="l2", rule="gone", level="low", why="w", who="m"),
    ))  # fmt: skip
    fared = acceptance.changed_levels(tuning, {"here"})
    assert [one.standing for one in fared] == [Standing.USED, Standing.UNUSED]
