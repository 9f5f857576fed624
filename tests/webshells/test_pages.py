"""What a page gives to a stranger, in every language and spelling; and what is no shell."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from exward.model.severity import Severity
from exward.webshells import page
from exward.webshells.analyse import read
from exward.webshells.sign import Capability

SHELLS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("shells.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", SHELLS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_shell_is_told_by_what_it_does(name: str, codec: str) -> None:
    shell = SHELLS[name]
    if name == "image":
        codec = "latin-1"  # no text in UTF-16 begins as an image does
    found = read(shell["text"].encode(codec), shell["extension"]).signs
    assert shell["capability"] in {one.capability.value for one in found if one.sure}


@pytest.mark.parametrize(
    ("extension", "text"),
    [
        ("aspx", '<%@ Page Language="C#"%><%# Eval("Name") %><%= Request["q"] %>'),
        ("asp", '<%conn.Execute "update t set a=1 where id=" & CLng(Request("id"))%>'),
        ("aspx", '<%@ Page Language="C#"%><%Process.Start("notepad.exe", "readme.txt");%>'),
        (
            "ashx",
            '<%@ WebHandler Language="C#" Class="U"%>\nclass U{void ProcessRequest(HttpContext c){'
            'c.Request.Files[0].SaveAs(c.Server.MapPath("~/upload/") + Guid.NewGuid());}}',
        ),
        ("asp", '<%s = eval("(" & Request.Cookies("menu") & ")")%>'),
        ("aspx", '<%@ Page Language="C#"%><%var a=Assembly.Load("System.Web");%>'),
        ("aspx", "no code at all, but Process.Start(Request[0]) in the text"),
        ("cs", "class A { void F() { Process.Start(Config.Tool, Config.Arguments); } }"),
    ],
)
def test_ordinary_pages_give_nothing_for_sure(extension: str, text: str) -> None:
    assert [one for one in read(text.encode(), extension).signs if one.sure] == []


def test_lines_are_those_of_the_file() -> None:
    text = '<html>\n<%@ Page Language="C#"%>\n<p>\n<%\nint a;\nProcess.Start(Request["c"]);%>'
    assert [one.line for one in read(text.encode(), "aspx").signs] == [6]


def test_the_finding_says_what_where_and_how() -> None:
    found, is_whole = page.judge("C/inetpub/wwwroot/x.asp", b'\n<%eval request("x")%>')
    assert is_whole
    assert found is not None
    assert (found.detector, found.severity) == ("webshell", Severity.CRITICAL)
    assert (found.path, found.capabilities, found.lines) == (
        "C/inetpub/wwwroot/x.asp", ("run-code",), (2,),
    )  # fmt: skip
    assert found.sha256 == found.evidence[0].fields["sha256"]
    assert found.why == "the page runs what the request says as code"
    fields = found.evidence[0].fields
    assert fields["capabilities"] == Capability.RUN_CODE.value
    assert fields["lines"] == "2"
    assert len(fields["sha256"]) == 64
    assert page.judge("C/inetpub/wwwroot/x.asp", b"<%=now%>") == (None, True)


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a/x.aspx", b"", True),
        ("a.zip!C/inetpub/x.ASHX", b"", True),
        ("a/App_Code/deep/x.cs", b"", True),
        ("a/src/x.cs", b"", False),
        ("C/inetpub/wwwroot/bin/x.dll", b"MZ", True),
        ("C/Windows/System32/x.dll", b"MZ", False),
        ("C/Windows/System32/inetsrv/x.dll", b"MZ", True),
        ("a/x.dll", b"text", False),
        ("a/logo.gif", b"GIF89a<% eval(1) %>", True),
        ("a/logo.gif", b"GIF89a", False),
        ("a/web.config", b"<configuration/>", False),
        ("a/u_ex.log", b"<%eval request(1)%>", False),
    ],
)
def test_what_is_a_page(path: str, head: bytes, expected: bool) -> None:
    assert page.is_page(path, head) is expected
