"""What a page gives to a stranger, in every language and spelling; and what is no shell."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from exward.model.severity import Severity
from exward.webshells import page, vbscript_encode
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
        (
            "aspx",
            '<%@ Page Language="C#"%><%var c = new SqlConnection("Server=" + Request["s"]);'
            'new SqlCommand("create table t (a int)", c).ExecuteNonQuery();%>',
        ),
        (
            "asax",
            '<%@ Application Language="C#"%><script runat="server">'
            'void Application_Start() { RouteTable.Routes.Add(new Route("a", new H())); }</script>',
        ),
        (
            "asp",
            '<%Set x = CreateObject("MSXML2.XMLHTTP")\nx.Open "GET", "http://w.example/", False'
            "\nx.Send\nResponse.Write x.responseText%>",
        ),
        ("asp", '<%If Request("state") = "passed" Then Response.Write "ok"%>'),
        ("cshtml", '<p>it\'s // here</p> @{ var a = 1; } <b>Process.Start(Request["q"])</b>'),
        ("cshtml", "mail to me@Process.Start(Request) or @@Process.Start(Request[0])"),
        ("cshtml", "@* @Process.Start(Request[0]) *@ @if (a) { <p>Process.Start(Request[0])</p> }"),
        (
            "aspx",
            '<%@ Page Language="C#"%><script runat="server">void F(string a) { a = Request["q"]; }'
            'void G() { var z = "notepad"; F(z); Process.Start(z); }</script>',
        ),
        (
            "cs",
            "using P = Contoso.Printing.Page; class A { void F(HttpContext c) {"
            ' P.Start(c.Request["q"]); } }',
        ),
        (
            "aspx",
            '<div style="display:none">'
            + "".join(f'<a href="http://s{n}.example/">x</a>' for n in range(6))
            + "</div>",
        ),
        (
            "asmx",
            '<%@ WebService Language="C#" Class="S"%>\nclass S{[WebMethod] public void '
            'Restart(int id){Process.Start("x.exe", id.ToString());}}',
        ),
        (
            "asp",
            '<%Set s=CreateObject("WScript.Shell")\ns.Run "c:\\t.exe " & CByte(Request("x"))%>',
        ),
        (
            "aspx",
            '<%@ Page Language="C#"%>'
            '<%Process.Start("a.exe",long.Parse(Request["k"]).ToString());%>',
        ),
        ("asp", '<% Set u=GetObject("LDAP://" & Request("dn")) : x=u.mail %>'),
        (
            "aspx",
            '<%@ Page Language="C#"%><%var db=new MyContext('
            'ConfigurationManager.ConnectionStrings["x"].ConnectionString);'
            " lbl.Text = db.Users.First().Name;%>",
        ),
        (
            "aspx",
            '<%@ Page Language="C#"%><%var d=new DirectoryEntry("LDAP://dc=a");'
            ' lbl.Text=d.Properties["name"].Value;%>',
        ),
        ("asp", '<%x=eval("(" & Request("j") & ")")%>'),
        ("asp", '<%Execute "x=" & Request("n")%>'),
    ],
)
def test_ordinary_pages_give_nothing_for_sure(extension: str, text: str) -> None:
    assert [one for one in read(text.encode(), extension).signs if one.sure] == []


@pytest.mark.parametrize(
    ("extension", "before"),
    [
        ("asp", 'Server.Execute Request("p")\n' * 201),
        ("aspx", ""),
    ],
)
def test_what_is_put_in_front_hides_nothing(extension: str, before: str) -> None:
    page = {
        "asp": f'<%\n{before}Execute Request("c")\n%>',
        "aspx": "\n" * 20_001 + '<%@ Page Language="JScript"%><%eval(Request["c"],"unsafe");%>',
    }[extension]
    found = read(page.encode(), extension).signs
    assert Capability.RUN_CODE in {one.capability for one in found if one.sure}


def test_hidden_links_to_many_sites_are_told() -> None:
    links = "".join(f'<a href="http://s{n}.example/">x</a>\n' for n in range(20))
    text = f'<p>a</p>\n<div style="position:absolute; left:-999px">\n{links}</div>'
    (sign,) = read(text.encode(), "aspx").signs
    assert (sign.capability, sign.line, sign.sure) == (Capability.SERVE_FOREIGN, 2, True)


def test_script_encoder_with_letters_of_two_bytes() -> None:
    """The code of `Execute Request("a")` behind a Chinese text, as the encoder writes it."""
    code = '"\u6b63\u6587":Execute Request("a")'.encode("gbk").decode("latin-1")
    text = f"<%@ LANGUAGE = VBScript.Encode %><%#@~^AAAAAA=={encoded(code)}AAAAAA==^#~@%>"
    found = read(text.encode("latin-1"), "asp").signs
    assert [one.capability for one in found if one.sure] == [Capability.RUN_CODE]


def test_lines_of_encoded_code_are_those_of_the_file() -> None:
    code = encoded("a = 1\nb = _\n2 ' no code\nExecute Request(c)\n")
    head = f"\n<%@ LANGUAGE = VBScript.Encode %>\n<%#@~^AAAAAA=={code}AAAAAA==^#~@%>\n"
    text = head + '<%Execute Request("a")%>'
    assert [one.line for one in read(text.encode("latin-1"), "asp").signs] == [3, 4]


def encoded(code: str) -> str:
    """What the Script Encoder makes of a text in a code page of two bytes a letter."""
    out, index, skip = "", 0, False
    for place, letter in enumerate(code):
        if skip or ord(letter) > 127:
            skip = not skip and place + 1 < len(code)
            out += letter
            continue
        if letter == "\n":
            out, index = out + "@&", index + 1
            continue
        table = vbscript_encode._TABLES[int(vbscript_encode._ORDER[index % 64])]
        back = {meant: written for written, meant in table.items()}
        out += chr(back.get(ord(letter), ord(letter)))
        index += 1
    return out


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


HARMLESS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("harmless.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_page_of_an_application_is_no_shell(name: str) -> None:
    given = HARMLESS[name]
    weighed = page.weigh(f"page.{given['extension']}", given["text"].encode(), "")
    assert weighed.finding is None


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_a_page_copied_from_print_is_read_as_it_was_typed(codec: str) -> None:
    text = '<%@ Page Language="C#" %><% Process.Start("cmd", Request["q"]); %>'
    text = text.replace('"', "\u201d")
    (sign,) = read(text.encode(codec), "aspx").signs
    assert sign.capability is Capability.RUN_COMMANDS
