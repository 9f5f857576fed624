"""Pages that were compiled and are gone."""

from __future__ import annotations

import pytest

from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.leftovers import find, present

pytestmark = pytest.mark.usefixtures("stock")

HOME = "case/EX01/D/Exchange Server/V15"
NOTE = (
    "case/EX01/C/Windows/Microsoft.NET/Framework64/v4.0.30319/Temporary ASP.NET Files/owa/1/2/"
    "x.aspx.1.compiled"
)
THERE = (
    f"{HOME}/FrontEnd/HttpProxy/owa/auth/logon.aspx",
    f"{HOME}/FrontEnd/HttpProxy/owa/auth/help.aspx",
    f"{HOME}/ClientAccess/ecp/default.aspx",
    "case/EX01/C/inetpub/wwwroot/iisstart.aspx",
)


def _found(url, there=THERE, note=NOTE):
    return list(find([WebFile(note, "0" * 64, None, virtual_path=url)], present(there)))


@pytest.mark.parametrize(
    ("url", "severity", "confidence"),
    [
        ("/owa/auth/notice.aspx", Severity.MEDIUM, Confidence.MEDIUM),
        ("/owa/auth/errorff.aspx", Severity.HIGH, Confidence.MEDIUM),
        ("/owa/auth/0qwysexe.aspx", Severity.HIGH, Confidence.MEDIUM),
        ("/owa/auth/xkcdfg.aspx", Severity.HIGH, Confidence.MEDIUM),
        ("/aspnet_client/notice.aspx", Severity.LOW, Confidence.LOW),
        ("/aspnet_client/shell.aspx", Severity.MEDIUM, Confidence.LOW),
        ("/notice.aspx", Severity.MEDIUM, Confidence.MEDIUM),
        ("/ecp/notice.aspx", Severity.LOW, Confidence.MEDIUM),
        ("/ecp/shell.aspx", Severity.LOW, Confidence.MEDIUM),
    ],
)
def test_a_page_that_is_gone(url, severity, confidence):
    (finding,) = _found(url)
    assert (finding.severity, finding.confidence) == (severity, confidence)
    assert finding.rule == "webshell-leftover"
    assert finding.evidence[0].file == NOTE
    assert finding.evidence[0].fields["cs-uri-stem"] == url
    assert url in finding.why


@pytest.mark.parametrize(
    "url",
    ["/owa/auth/logon.aspx", "/owa/auth/signout.aspx", "/owa/auth/help.aspx", "/ecp/default.aspx",
     "/owa/global.asax", "/app/x.aspx", "/owa/calendar/x.aspx", "", "x"],
)  # fmt: skip
def test_no_finding(url):
    assert _found(url) == []


def test_a_page_is_looked_for_on_its_own_host():
    note = NOTE.replace("EX01", "EX02")
    there = [*THERE, f"{HOME.replace('EX01', 'EX02')}/FrontEnd/HttpProxy/owa/auth/logon.aspx"]
    (finding,) = _found("/owa/auth/help.aspx", there, note)
    assert "the page is gone" in finding.why


def test_where_the_folder_was_not_collected_it_may_still_be_there():
    (finding,) = _found("/owa/auth/notice.aspx", ())
    assert "its folder is not in the evidence" in finding.why
    assert finding.severity is Severity.LOW
    assert _found("/notice.aspx", ()) == []


@pytest.mark.parametrize("volume", ["", "C:/", "x.zip!C/", "x.zip!uploads/auto/C%3A/", "/mnt/c/"])
def test_forms_of_a_collection(volume):
    note = f"{volume}Windows/Microsoft.NET/Framework64/v4/Temporary ASP.NET Files/a/x.compiled"
    there = [f"{volume}V15/FrontEnd/HttpProxy/owa/auth/help.aspx"]
    assert _found("/owa/auth/help.aspx", there, note) == []
    assert len(_found("/owa/auth/gone.aspx", there, note)) == 1
