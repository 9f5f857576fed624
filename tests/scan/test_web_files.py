"""Web files from evidence to result: known good, foreign, deleted, and who called them first."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from exward.incidents.acceptance import Entry, Tuning
from exward.model.coverage import WebFileCoverage
from exward.model.incident import Verdict
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.reports.diff import diff
from exward.reports.jsonl import render
from exward.reports.load import read_result
from exward.scan import pipeline, web_files
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.webshells import page as pages
from tests.webshells.belonging.stock import AUTH, LOGON, digest, install, own_list, page, write
from tests.webshells.belonging.test_builds import PROGRAM
from tests.webshells.belonging.test_files import NOTE

SHELL = b'<%eval request("x")%>'
IIS = (
    "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method "
    "cs-uri-stem cs-uri-query cs-username c-ip sc-status\n"
)
NO_TUNING = Tuning()
LOG = (
    "#Software: Microsoft Exchange Server\r\n#Version: 15.02.0858.005\r\n"
    "#Log-type: HttpProxy Logs\r\n#Fields: DateTime,RequestId\r\n"
)
ROOT = "c/exchange server/v15/"


@pytest.fixture(autouse=True)
def stock(tmp_path_factory):
    with own_list(tmp_path_factory.mktemp("stock")):
        yield


@pytest.fixture
def case(tmp_path):
    """A collection of a server: its web folders and a log of requests."""
    home = install(tmp_path / "EX01")
    log = tmp_path / "EX01" / "C" / "inetpub" / "logs" / "LogFiles" / "W3SVC1" / "u_ex260105.log"
    lines = [
        f"2026-01-05 0{hour}:00:00 10.0.0.5 POST {stem} - - {address} {status}\n"
        for hour, stem, address, status in (
            (1, "/owa/auth/logon.aspx", "203.0.113.1", 200),
            (2, "/owa/auth/Help.asp", "203.0.113.9", 404),
            (3, "/owa/auth/Help.asp", "203.0.113.9", 200),
            (4, "/owa/auth/help.asp/x", "203.0.113.9", 200),
            (5, "/owa/auth/help.asp", "198.51.100.7", 200),
        )
    ]
    write(log, (IIS + "".join(lines)).encode())
    return home


def _scan(path, jobs=1, tuning=NO_TUNING):
    settings = ScanSettings((str(path),), builtin_rules=False, jobs=jobs, tuning=tuning)
    return scan(settings, Silent())


def test_a_stock_installation_is_known_good_without_its_code_being_read(case, monkeypatch):
    monkeypatch.setattr(pages, "weigh", lambda path, *_: pytest.fail(f"{path} was analysed"))
    result = _scan(case)
    (row,) = result.web_files
    assert row.root.endswith(ROOT)
    assert (row.build, row.told_by) == ("15.2.858.5", "folders")
    assert row.standings == (
        ("known good", 5), ("of another build", 0), ("modified", 0), ("unknown", 0),
        ("without baseline", 0),
    )  # fmt: skip
    assert result.findings == ()


def test_a_shell_is_told_with_its_first_request(case, tmp_path):
    write(case / AUTH / "help.asp", SHELL)
    result = _scan(tmp_path)
    requests = [
        one for one in result.findings if one.title == "Request For A Page That Is A Web Shell"
    ]
    assert {(one.source_ip, one.count) for one in requests} == {
        ("203.0.113.9", 2), ("198.51.100.7", 1),
    }  # fmt: skip
    (shell,) = (one for one in result.findings if one.detector == "webshell")
    assert shell.why.endswith("first called 2026-01-05 03:00:00 UTC by 203.0.113.9")
    (story,) = result.incidents
    assert "path=/owa/auth/help.asp" in story.joined_by
    (step,) = story.steps
    assert step.stage is Stage.WEB_SHELL
    assert set(step.findings) == {one.id for one in result.findings}
    assert step.first == min(one.first for one in requests)
    assert {one.verdict for one in result.verdicts} == {Verdict.COMPROMISED}


def test_the_same_path_on_another_server_is_not_the_same_page(case, tmp_path):
    write(case / AUTH / "help.asp", SHELL)
    for name, address in (("EX01", "10.0.0.5"), ("EX02", "10.0.0.6")):
        log = tmp_path / name / "C" / "HttpProxy.LOG"
        event = json.dumps({"Event": {"System": {
            "Provider": {"#attributes": {"Name": "x"}}, "EventID": 1, "Channel": "Security",
            "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T03:00:00Z"}},
            "EventRecordID": 1, "Computer": f"{name}.contoso.example",
        }}})  # fmt: skip
        write(log.with_name("Security.jsonl"), event.encode())
        line = f"2026-01-05 05:00:00 {address} GET /owa/auth/help.asp - - 203.0.113.9 200\n"
        write(log.with_name("u_ex.log"), (IIS + line).encode())
    result = _scan(tmp_path)
    requests = {one.server: one for one in result.findings if one.rule not in {"webshell-run-code"}}
    assert requests["EX01.contoso.example"].severity is Severity.HIGH
    other = requests["EX02.contoso.example"]
    assert other.severity is Severity.LOW
    assert "found on EX01.contoso.example, not on this server" in other.why


def test_who_accepts_a_page_accepts_that_it_is_called(case, tmp_path):
    write(case / AUTH / "help.asp", SHELL)
    entry = Entry(
        id="e1", rule="webshell-run-code", why="ours", who="j.doe", until=None,
        fields={"sha256": digest(SHELL)},
    )  # fmt: skip
    result = _scan(tmp_path, tuning=Tuning(entries=(entry,)))
    assert len(result.findings) == 3
    assert all(one.accepted for one in result.findings)
    assert result.incidents == ()
    other = replace(entry, fields={"sha256": digest(b"x")})
    assert not any(one.accepted for one in _scan(tmp_path, tuning=Tuning((other,))).findings)


def test_a_changed_page_is_no_compromise(case, tmp_path):
    write(case / LOGON, b"<html>our notice</html>")
    result = _scan(tmp_path)
    (finding,) = result.findings
    assert finding.rule == "webshell-logon-page-changed"
    assert {one.verdict for one in result.verdicts} == {Verdict.CANNOT_TELL}


def test_a_deleted_page_is_known_by_what_was_compiled(case, tmp_path):
    note = "Windows/Microsoft.NET/Framework64/v4/Temporary ASP.NET Files/owa/1/2/x.1.compiled"
    write(tmp_path / "EX01" / "C" / note, NOTE.replace(b"Help.aspx", b"help.asp"))
    result = _scan(tmp_path)
    (leftover,) = (one for one in result.findings if one.rule == "webshell-leftover")
    assert leftover.severity is Severity.HIGH
    assert "first called 2026-01-05 03:00:00 UTC" in leftover.why
    requests = [
        one for one in result.findings if one.title == "Request For A Page That Was Deleted"
    ]
    assert {one.source_ip for one in requests} == {"203.0.113.9", "198.51.100.7"}


def test_times_of_members_and_the_build_of_the_program(tmp_path):
    archive = tmp_path / "EX01.zip"
    home = "C/Exchange Server/V15"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("logon", "signout"):
            info = zipfile.ZipInfo(f"{home}/{AUTH}/{name}.aspx", (2026, 1, 1, 0, 0, 0))
            packed.writestr(info, page(name))
        shell = zipfile.ZipInfo(f"{home}/{AUTH}/x.asp", (2026, 1, 5, 0, 0, 0))
        packed.writestr(shell, SHELL)
        log = zipfile.ZipInfo(f"{home}/Logging/HttpProxy/Owa/HttpProxy_1.LOG")
        packed.writestr(log, f"{'DateTime,' * 200}\r\n{LOG}")
        packed.writestr(f"{home}/Bin/ExSetup.exe", PROGRAM.replace(b"\x05\0", b"\x02\0"))
    result = _scan(archive)
    assert result.run.files_not_evidence == 1
    (finding,) = result.findings
    assert "it is 4 days newer than the 2 pages in its folder" in finding.why
    root = f"{archive.as_posix().lower()}!{ROOT}"
    counted = WebFileCoverage(root, "15.2.858.2", "program", 2, 0, 0, 1, 0)
    assert result.web_files == (counted,)


def test_the_number_of_workers_changes_nothing(case, tmp_path, monkeypatch):
    write(case / AUTH / "help.asp", SHELL)
    write(case / AUTH / "notice.aspx", b"<html/>")
    os.utime(case / AUTH / "help.asp", (4e9, 4e9))
    whole = _scan(tmp_path)
    monkeypatch.setattr(pipeline, "SMALL_BYTES", 0)
    split = _scan(tmp_path, jobs=2)
    assert (split.findings, split.web_files) == (whole.findings, whole.web_files)


def test_more_files_than_are_compared_are_counted(case, monkeypatch):
    monkeypatch.setattr(web_files, "MAX_FILES", 3)
    result = _scan(case)
    (lost,) = result.skipped
    assert (lost.reason, lost.count) == ("more web files than are compared with Exchange's", 2)


def test_the_hash_of_a_part_is_not_given_as_that_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGE_BYTES", len(SHELL))
    write(tmp_path / "x.asp", SHELL)
    write(tmp_path / "long.asp", SHELL + b"more")
    hashes = {Path(one.evidence[0].file).name: one.evidence[0].fields["sha256"]
              for one in _scan(tmp_path).findings}  # fmt: skip
    assert hashes == {"x.asp": digest(SHELL), "long.asp": ""}


def test_what_a_shell_is_survives_saving_and_comparing(case, tmp_path):
    shell = case / AUTH / "help.asp"
    write(shell, SHELL)
    before = _scan(tmp_path)
    saved = read_result((line.encode() for line in render(before)), "saved")
    (one,) = (one for one in saved.findings if one.detector == "webshell")
    assert (one.path, one.capabilities, one.lines) == (str(shell), ("run-code",), (1,))
    assert one.sha256 == digest(SHELL)
    shell.unlink()
    assert one in diff(saved, _scan(tmp_path)).gone
