"""Lists of web files in collections, from evidence to result."""

from __future__ import annotations

import json

import pytest

from exward.model.severity import Severity
from exward.posture.data import Data
from exward.posture.readers.interface import Told
from exward.reports.html import render as html
from exward.reports.jsonl import render
from exward.reports.load import read_result
from exward.scan import web_lists
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.webshells.belonging.owners import Owner
from tests.collector.collection import MEMBERS, SERVER, SHELL, collection
from tests.webshells.belonging.stock import digest

LIST = "inventory/web-files.json"
POOL = {"Owner": "IIS APPPOOL\\MSExchangeOWAAppPool", "OwnerSid": "S-1-5-82-1-2-3"}
TIMES = {"Created": "2026-01-04T03:00:00Z", "Modified": "2026-01-04T03:00:07Z"}
AUTH = "C:\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth"


def _list(*files):
    area = {
        "schema": "exward.inventory/1", "area": "web-files", "server": SERVER,
        "collected": "2026-01-06T00:00:00Z", "data": files,
    }  # fmt: skip
    return json.dumps(area).encode()


def _scan(tmp_path, members):
    path = collection(tmp_path / "EX01.zip", members, promised=members)
    return scan(ScanSettings((str(path),), builtin_rules=False, jobs=1), Silent())


def test_a_page_says_who_owns_it_and_when_it_was_made(tmp_path):
    row = {"Path": "C:\\INETPUB\\wwwroot\\aspnet_client\\X.aspx", "Sha256": None, **TIMES, **POOL}
    result = _scan(tmp_path, MEMBERS | {LIST: _list(row)})
    assert result.skipped == ()
    (shell,) = (one for one in result.findings if one.detector == "webshell")
    fields = shell.evidence[0].fields
    assert {fields[name.lower()] for name in TIMES} == set(TIMES.values())
    assert fields["owner"] == POOL["Owner"]
    assert f"its owner is {POOL['Owner']}: the web server itself wrote it" in shell.why


def test_without_a_list_nothing_is_said_of_owners(tmp_path):
    (shell,) = (one for one in _scan(tmp_path, MEMBERS).findings if one.detector == "webshell")
    assert "owner" not in shell.why
    assert not {"owner", "created"} & set(shell.evidence[0].fields)


def test_a_page_without_a_copy_is_found_in_a_collection_that_holds_no_page(tmp_path):
    row = {"Path": f"{AUTH}\\help.aspx", "Sha256": digest(b"x").upper(), **TIMES, **POOL}
    members = {name: data for name, data in MEMBERS.items() if name != SHELL}
    result = _scan(tmp_path, members | {LIST: _list(row)})
    (finding,) = (one for one in result.findings if one.detector == "webshell")
    assert (finding.rule, finding.severity) == ("webshell-page-not-collected", Severity.MEDIUM)
    assert finding.path.endswith(
        "files/C/Exchange Server/V15/FrontEnd/HttpProxy/owa/auth/help.aspx"
    )
    assert finding.server == SERVER


HOSTILE = '<script>alert(1)</script>\x1b]0;x\x07=cmd|"\u202e'


def test_hostile_owners_and_paths_reach_no_report_unescaped(tmp_path):
    bad = {"Owner": HOSTILE, "OwnerSid": "S-1-5-82-1"}
    rows = [
        {"Path": f"{AUTH}\\{HOSTILE}.aspx", "Sha256": digest(b"x"), **bad},
        {"Path": f"{AUTH}\\..\\..\\{'a' * 20_000}.aspx", "Sha256": digest(b"x"), **bad},
        {"Path": ["C:\\x.aspx"], **bad}, {"Path": f"{AUTH}\\y.aspx", "Owner": {}, "OwnerSid": 5},
        {"Path": "C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx", "Created": "never", **bad},
    ]  # fmt: skip
    result = _scan(tmp_path, MEMBERS | {LIST: _list(*rows, "no object", None)})
    told = [one for one in result.findings if one.detector == "webshell"]
    assert len(told) == 2
    assert all("its owner is <script>alert(1)</script>?]0;x?=cmd|" in one.why for one in told)
    page = "".join(html(result))
    assert "<script>alert(1)" not in page
    assert not {"\x1b", "\u202e"} & set(page)
    lines = "".join(render(result)).encode().splitlines()
    assert read_result(lines, "result.jsonl").findings == result.findings


def _told(*rows, source="EX01.zip!inventory/web-files.json"):
    return Told(SERVER, source, "Web-Files", Data(list(rows)))


def test_of_a_long_list_the_pages_and_the_copies_are_kept():
    rows = [
        {"Path": f"{AUTH}\\{number}.png", "Sha256": digest(b"x"), **POOL}
        for number in range(100_000)
    ]
    rows[500] = {"Path": f"{AUTH}\\x.aspx", "Sha256": "x", **POOL}
    held = ["EX01.zip!files/c/exchange server/v15/FrontEnd/HttpProxy/owa/auth/99999.PNG"]
    kept, lost = web_lists.read(web_lists.lists([_told(*rows), Told(SERVER, "x", "host")]), held)
    assert lost == []
    assert [one.file.path.rpartition("/")[2] for one in kept] == ["x.aspx", "99999.png"]
    assert kept[0].file.sha256 == ""
    assert {one.file.owner for one in kept} == {Owner(POOL["Owner"], POOL["OwnerSid"])}


@pytest.mark.parametrize(("bound", "most"), [("MAX_ROWS", 2), ("MAX_LISTED", 4)])
def test_more_than_the_bounds_is_told(monkeypatch, bound, most):
    monkeypatch.setattr(web_lists, bound, most)
    rows = [{"Path": f"{AUTH}\\{number}.aspx"} for number in range(3)]
    lists = web_lists.lists([_told(*rows, source=f"{name}.json") for name in "ba"])
    kept, lost = web_lists.read(lists, ())
    assert len(kept) == 4
    assert lost[-1].source == "b.json"
    assert "not all of this list" in lost[-1].reason


@pytest.mark.parametrize(
    ("source", "home"),
    [
        ("a/EX01.zip!inventory/web-files.json", "a/EX01.zip!"),
        ("a\\inventory\\web-files.json", "a\\"),
        ("inventory/web-files.json", ""),
        ("a/my-inventory/web-files.json", "a/my-inventory/"),
        ("web-files.json", ""),
    ],
)
def test_copies_are_looked_for_beside_the_inventory(source, home):
    kept, _ = web_lists.read([_told({"Path": "C:\\x.aspx"}, source=source)], ())
    assert [(one.home, one.file.path) for one in kept] == [(home, f"{home}files/C/x.aspx")]


def test_a_list_that_is_no_list_is_one_file():
    told = Told(SERVER, "web-files.json", "web-files", {"Path": "C:\\x.aspx"})
    kept, lost = web_lists.read([told], ())
    assert (len(kept), lost) == (1, [])
