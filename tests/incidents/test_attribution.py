"""One name per host."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents.attribution import UNKNOWN_HOST, attribute, host_key, servers_around
from exward.model.finding import Evidence
from tests.incidents.cases import DAY, START, finding, row

Named = list[tuple[str, str]]
"""Server as the source said it, evidence path."""


def names(places: Named) -> list[str]:
    rows = [
        row("iis" if path.endswith(".log") else "Security", path, server=server)
        for server, path in places
    ]
    return [attributed.server for attributed in attribute([], rows)[1]]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param(
            [("EX01.contoso.example", "c/a.evtx"), ("ex01", "c/b.evtx"), ("EX01.", "c/c.evtx")],
            ["EX01.contoso.example"] * 3,
            id="a bare name joins the only full name",
        ),
        pytest.param(
            [("EX01.a.example", "c/a.evtx"), ("EX01.b.example", "d/b.evtx")],
            ["EX01.a.example", "EX01.b.example"],
            id="different domains stay apart",
        ),
        pytest.param(
            [
                ("EX01.a.example", "c/a.evtx"),
                ("EX01.b.example", "d/b.evtx"),
                ("EX01", "d/c.evtx"),
            ],
            ["EX01.a.example", "EX01.b.example", "EX01.b.example"],
            id="of two full names the nearer one is meant",
        ),
        pytest.param(
            [("EX01.a.example", "c/a.evtx"), ("EX01.b.example", "c/b.evtx"), ("EX01", "c/c.evtx")],
            ["EX01.a.example", "EX01.b.example", "EX01"],
            id="a bare name between two full names stays alone",
        ),
        pytest.param(
            [("EX01", "ex01.zip!C/Logs/a.evtx"), ("10.0.0.5", "ex01.zip!C/inetpub/u_ex1.log")],
            ["EX01", "EX01"],
            id="an address belongs to the host of the archive",
        ),
        pytest.param(
            [
                ("EX01", "/case/one/a.evtx"),
                ("EX02", "/case/two/a.evtx"),
                ("10.0.0.6", "/case/two/iis/u_ex1.log"),
                ("", "/case/one/iis/u_ex1.log"),
            ],
            ["EX01", "EX02", "EX02", "EX01"],
            id="the nearest folder decides",
        ),
        pytest.param(
            [("EX01", "/case/a.evtx"), ("EX02", "/case/b.evtx"), ("10.0.0.6", "/case/u_ex1.log")],
            ["EX01", "EX02", "10.0.0.6"],
            id="between two hosts an address stays",
        ),
        pytest.param(
            [("EX01", "/case/a.evtx"), ("10.0.0.6", "/other/u_ex1.log")],
            ["EX01", "10.0.0.6"],
            id="the root of the file system is no collection",
        ),
        pytest.param(
            [("EX01", "C:\\case\\a.evtx"), ("10.0.0.6", "C:\\other\\u_ex1.log")],
            ["EX01", "10.0.0.6"],
            id="nor is a drive",
        ),
        pytest.param(
            [("EX01", "a.evtx"), ("10.0.0.6", "u_ex1.log")],
            ["EX01", "EX01"],
            id="relative paths were given together",
        ),
        pytest.param(
            [("10.0.0.5", "c/W3SVC1/u.log"), ("::1", "c/W3SVC2/u.log"), ("", "c/x.log")],
            ["10.0.0.5"] * 3,
            id="loopback and no name join the only address",
        ),
        pytest.param(
            [("::ffff:10.0.0.5", "c/a.log"), ("10.0.0.5:443", "c/b.log")],
            ["10.0.0.5", "10.0.0.5"],
            id="one address in two spellings",
        ),
        pytest.param([("", "c/a.log"), ("-", "d/b.log")], [UNKNOWN_HOST] * 2, id="nothing known"),
    ],
)
def test_names(places: Named, expected: list[str]) -> None:
    assert names(places) == expected
    assert names(places[::-1]) == expected[::-1]


def test_a_renamed_host_is_one_host() -> None:
    rows = [
        row("Setup", "c/Setup.evtx", server="WIN-7F3K", start=START - 90 * DAY),
        row("Security", "c/Security.evtx", server="EX01.contoso.example"),
        row("iis", "c/u_ex1.log", server="10.0.0.5"),
    ]
    found = [finding("old", server="WIN-7F3K", file="c/System.evtx")]
    findings, coverage = attribute(found, rows)
    assert {each.server for each in findings} == {"EX01.contoso.example"}
    assert {each.server for each in coverage} == {"EX01.contoso.example"}


@pytest.mark.parametrize(
    ("log", "start"), [("Security", START - 90 * DAY), ("Setup", START - DAY // 2)]
)
def test_two_hosts_in_one_folder_stay_two(log: str, start: int) -> None:
    rows = [
        row(log, "c/1.evtx", server="EX01", start=start),
        row("Security", "c/2.evtx", server="EX02"),
    ]
    assert [each.server for each in attribute([], rows)[1]] == ["EX01", "EX02"]


def test_snapshots_under_two_names_are_no_renaming() -> None:
    rows = [
        replace(row("exchange.transport-agent", path, server=server), first=None, last=None)
        for path, server in (("c/a.json", "EX01"), ("c/b.json", "EX02"))
    ]
    assert {one.server for one in attribute([], rows)[1]} == {"EX01", "EX02"}


def test_forwarded_events_name_other_hosts() -> None:
    rows = [
        row("Security", "c/Security.evtx", server="EX01"),
        row("ForwardedEvents", "c/Forwarded.evtx", server="DC01"),
        row("iis", "c/u_ex1.log", server="10.0.0.5"),
    ]
    assert [each.server for each in attribute([], rows)[1]] == ["EX01", "DC01", "EX01"]


def test_a_finding_in_files_of_two_hosts_keeps_its_address() -> None:
    rows = [row("Security", "a/1.evtx", server="EX01"), row("Security", "b/1.evtx", server="EX02")]
    places = (Evidence("a/u.log", 1, START), Evidence("b/u.log", 1, START))
    found = [
        finding("both", server="10.0.0.9", evidence=places),
        finding("none", server="", evidence=places),
        finding("one", server="10.0.0.9", evidence=places[:1]),
        finding("bare", server="", evidence=()),
    ]
    named = attribute(found, rows)[0]
    assert [each.server for each in named] == ["10.0.0.9", UNKNOWN_HOST, "EX01", UNKNOWN_HOST]
    assert [each.id for each in named] == [each.id for each in found]


def test_servers_around() -> None:
    around = servers_around([row("iis", "c/one/u.log", server="A"), row("x", "c/y", server="B")])
    assert around("c/one/broken.zip") == ("A",)
    assert around("c/other/z") == ("A", "B")
    assert servers_around([])("c/z") == ()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (" EX01. ", "ex01"),
        ("EX01\r. .", "ex01"),
        ("10.0.0.5", "10.0.0.5"),
        ("127.0.0.1", ""),
        ("localhost", ""),
        ("-", ""),
    ],
)
def test_host_key(name: str, key: str) -> None:
    assert host_key(name) == key


@given(st.lists(st.tuples(st.text(max_size=20), st.text(alphabet="ab/\\!:.C", max_size=20))))
def test_never_raises_and_keeps_every_row(places: Named) -> None:
    rows = [row("Security", path, server=server) for server, path in places]
    found = [finding(str(n), server=s, file=p) for n, (s, p) in enumerate(places)]
    findings, coverage = attribute(found, rows)
    assert [each.source for each in coverage] == [path for _, path in places]
    assert [each.id for each in findings] == [each.id for each in found]
    assert all(each.server for each in findings)
    assert all(each.server for each in coverage)
    assert attribute(findings, coverage) == (findings, coverage)


def test_very_deep_paths_are_bounded() -> None:
    assert names([("EX01", "a/" * 50_000 + "x.evtx")]) == ["EX01"]
