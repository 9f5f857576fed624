"""Made-up pages: code in all languages that a server runs, of words that the analysis knows."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from tests.fuzz.vocabulary import words

EXTENSIONS = (
    "asp", "aspx", "ashx", "asmx", "asax", "ascx", "master", "cs", "vb", "cshtml", "vbhtml", "svc",
    "soap", "cer", "asa", "cdx", "config", "jpg", "txt", "inc", "pst", "css",
)  # fmt: skip
MAX_DEPTH = 5
NAMES = ("a", "b", "s", "x", "Request", "Session", "Me", "this", "Response", "Server")
ODD_TEXTS = (
    "", "x", "cmd.exe", "e\\u0076al", "WScr", "ipt.Shell", "%65val", "=", "A" * 200, "\\x41\\101",
    "${a}", "{0}", "é\u202e\U0001f480", "0x41", "eval request", "%>", "<%", "?>", "]]>", "\\",
)  # fmt: skip
Maker = Callable[[Random, int], str]


def text(rng: Random) -> str:
    """A text constant, in one of many spellings."""
    content = rng.choice((*ODD_TEXTS, rng.choice(words())))
    if rng.random() < 0.1:
        content = base64.b64encode(content.encode()).decode()
    quoted = f'"{content}"'
    return rng.choice(
        (quoted, quoted, f"'{content}'", f'@"{content}"', f'$"{content}"', f"`{content}")
    )


def number(rng: Random) -> str:
    """A number, ordinary or not."""
    return rng.choice(("0", "1", "-1", "65", "&H41", "0x7fffffff", "1e308", "9" * 30, "1.5", "2L"))


def expression(rng: Random, depth: int = 0) -> str:
    """An expression that one of the languages has, or nearly has."""
    if depth >= MAX_DEPTH or rng.random() < 0.25:
        return rng.choice((text, number, _name))(rng)
    return rng.choice(_EXPRESSIONS)(rng, depth + 1)


def _name(rng: Random) -> str:
    return rng.choice((rng.choice(NAMES), rng.choice(words())))


def _call(rng: Random, depth: int) -> str:
    given = ", ".join(expression(rng, depth) for _ in range(rng.randrange(4)))
    return f"{_name(rng)}{rng.choice(('(', '(', '[', '.', ' ('))}{given})"


def _chain(rng: Random, depth: int) -> str:
    parts = [_name(rng) for _ in range(rng.randrange(2, 5))]
    return f"{'.'.join(parts)}({expression(rng, depth)})"


def _pair(rng: Random, depth: int) -> str:
    sign = rng.choice(("&", "+", "=", "??", "^", "-", "*", "==", "And", "%", "<<", "is", "as"))
    return f"{expression(rng, depth)} {sign} {expression(rng, depth)}"


def _nested(rng: Random, depth: int) -> str:
    opening, closing = rng.choice(
        ("()", "[]", "{}", ("new X(", ")"), ("(string)(", ")"), ("(", ""))
    )
    return f"{opening}{expression(rng, depth)}{closing}"


def _lambda(rng: Random, depth: int) -> str:
    head = rng.choice(("x =>", "(a, b) =>", "function(a)", "delegate"))
    return f"{head} {{{statement(rng, depth)}}}"


def _characters(rng: Random, _depth: int) -> str:
    codes = [str(ord(one)) for one in rng.choice(("eval", "execute", "request", "cmd"))]
    if rng.random() < 0.5:
        return "&".join(f"Chr({code})" for code in codes)
    return f"new byte[] {{{', '.join(codes)}}}"


def _choice(rng: Random, depth: int) -> str:
    one, two, three = (expression(rng, depth) for _ in range(3))
    return rng.choice((f"{one} ? {two} : {three}", f"IIf({one}, {two}, {three})"))


def _code(rng: Random, depth: int) -> str:
    """Code inside of a text, which the analysis reads, too."""
    inner = statement(rng, depth).replace('"', '""')
    return rng.choice((f'"{inner}"', f'eval("{inner}")', f'Execute("{inner}")'))


_EXPRESSIONS: tuple[Maker, ...] = (
    _call, _call, _chain, _chain, _pair, _pair, _nested, _lambda, _characters, _choice, _code,
)  # fmt: skip


def statement(rng: Random, depth: int = 0) -> str:
    """A statement, with others inside of it."""
    if depth >= MAX_DEPTH:
        return expression(rng, depth)
    shape = rng.choice(_STATEMENTS)
    return shape.format(
        name=_name(rng),
        value=expression(rng, depth + 1),
        other=expression(rng, depth + 1),
        body=statement(rng, depth + 1) if "{body}" in shape else "",
    )


_STATEMENTS = (
    "{name} = {value}", "{name}={value};", "{name} += {value};", "Set {name} = {value}",
    "Dim {name}: {name} = {value}", "var {name} = {value};", "{value};", "{value}",
    "If {value} Then\n{body}\nElse\n{name} = {other}\nEnd If", "if ({value}) {{ {body} }}",
    "For i = 0 To {value}\n{body}\nNext", "for (int i = 0; i < {value}; i++) {{ {body} }}",
    "foreach (var {name} in {value}) {{ {body} }}", "For Each {name} In {value}\n{body}\nNext",
    "While {value}\n{body}\nWend", "while ({value}) {{ {body} }}", "Do\n{body}\nLoop",
    "Function {name}(a, b)\n{body}\n{name} = {value}\nEnd Function", "Sub {name}\n{body}\nEnd Sub",
    "void {name}(string a) {{ {body} }}", "string {name}(int a) => {value};",
    "public class {name} : {other} {{ {body} }}", "Class {name}\n{body}\nEnd Class",
    "Select Case {value}\nCase {other}\n{body}\nEnd Select",
    "switch ({value}) {{ case 1: {body} }}",
    "try {{ {body} }} catch (Exception e) {{ {value} }}", "On Error Resume Next\n{body}",
    "With {value}\n.{name} = {other}\n{body}\nEnd With",
    "using (var {name} = {value}) {{ {body} }}",
    "Execute {value}", "ExecuteGlobal {value}", "eval({value});", "Response.Write {value}",
    "{name}({value})({other})", "{name}[{value}] = {other};", "return {value};", "' {value}",
    "// {value}", "/* {value}", "Rem {value}", "#if X\n{body}\n#endif", "[{name}({value})] {body}",
)  # fmt: skip


def page(rng: Random) -> tuple[str, str]:
    """A page: its extension, and its text."""
    extension = rng.choice(EXTENSIONS)
    code = "\n".join(statement(rng) for _ in range(rng.randrange(1, 8)))
    frames = rng.choices(_FRAMES, k=rng.randrange(1, 4))
    return extension, "".join(
        frame.replace("CODE", code if n == 0 else statement(rng)).replace("VALUE", expression(rng))
        for n, frame in enumerate(frames)
    )


_FRAMES = (
    "<%CODE%>", "<%=VALUE%>", "<%@ Page Language=\"C#\" %><%CODE%>", "CODE",
    "<%@ Page Language=\"Jscript\" %><%CODE%>", "<%@ Language=VBScript codepage=65000%><%CODE%>",
    "<%@ WebHandler Language=\"C#\" Class=\"H\" %>\npublic class H : IHttpHandler {\n"
    "public void ProcessRequest(HttpContext context) { CODE } }",
    "<%@ WebService Language=\"VB\" Class=\"S\" %>\n<WebMethod()> CODE",
    "<script runat=\"server\" language=\"c#\">CODE</script>",
    "<script language=vbscript runat=server>CODE</script>",
    "@{ CODE }@(VALUE)", "@functions { CODE }", "@Code\nCODE\nEnd Code",
    "<configuration><system.webServer><handlers accessPolicy=\"Read, Script, Write\"/>"
    "</system.webServer></configuration><!--<%CODE%>-->",
    "<xsl:stylesheet><msxsl:script language=\"C#\" implements-prefix=\"u\">CODE</msxsl:script>"
    "</xsl:stylesheet>",
    "<object runat=\"server\" id=\"a\" classid=\"clsid:72C24DD5-D70A-438B-8A42-98424B88AFB8\">"
    "</object>", "<!--#include file=\"VALUE\"-->", "GIF89a<%CODE%>", "<%--CODE--%>",
    "<asp:TextBox runat=server ID=a Text='<%#VALUE%>'/>", "<%#@~^CODE==^#~@%>", "<%'%>CODE<%\"%>",
)  # fmt: skip
CODECS = ("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-16-be", "utf-7", "cp037", "cp500", "latin-1")


def encoded(rng: Random, content: str) -> bytes:
    """The text in an encoding that a server may be told to read."""
    return content.encode(rng.choice(CODECS), "replace")
