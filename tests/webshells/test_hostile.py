"""No input makes the analysis fail, or work without bound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.webshells import cursor
from exward.webshells.analyse import read
from exward.webshells.blocks import CSHARP, JSCRIPT, VB
from exward.webshells.interpreter import Interpreter
from exward.webshells.objects import Known
from exward.webshells.razor import code_of
from exward.webshells.sign import Capability

PIECES = st.sampled_from(
    ["<%", "%>", "<%@ Page Language=C# %>", "<script runat=server>", "</script>", "eval", "(", ")",
     "{", "}", "[", "]", '"', "'", "=", "=>", "request", ".", "x", " ", "\n", "Function x(a)",
     "End Function", "new ", "Process.Start", "&", "+", "1", "0x", "\\u", "\0", "For i=1 To ", "//",
     "/*", "Execute ", "With ", "#@~^", "==", "^#~@", "d", ",", ";", ":", "<", ">", "-", "^="]
)  # fmt: skip
EXTENSIONS = st.sampled_from(["asp", "aspx", "ashx", "cs", "vb", "cshtml", "config", "svc"])


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40), EXTENSIONS)
def test_never_raises(pieces: list[str], extension: str) -> None:
    read("".join(pieces).encode("utf-8", "replace"), extension)


@settings(max_examples=100)
@given(st.binary(max_size=300), EXTENSIONS)
def test_binary_noise(data: bytes, extension: str) -> None:
    read(data + b"eval", extension)


@pytest.mark.parametrize("language", [CSHARP, VB, JSCRIPT])
@pytest.mark.parametrize(
    "piece", ["a(", "((", "a=b(", "{", "new x(", "f(1)\n", "a[", '"x"+', "=>{"]
)
def test_depth_and_length_are_bounded(language: str, piece: str) -> None:
    known = Known()
    Interpreter(piece * 4000, language, known).run()
    assert known.budget.left > 0


@pytest.mark.parametrize(
    "text",
    [
        "<%eval(" + '"eval(1)"&' * 9 + '"")%>' * 30_000,
        "<%" + 's="eval(1)":' + "s=s&s:" * 40 + "Execute s:" * 40_000 + "%>",
        "<%" + 't="<% eval(1) ":Execute t:' * 60_000 + "%>",
    ],
)
def test_code_in_code_shares_one_budget(text: str) -> None:
    assert read(text.encode(), "asp").signs == ()


def test_a_page_that_takes_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursor.Budget, "__init__", lambda self: setattr(self, "left", 50))
    assert read(b'<%@ Page Language="C#"%><% exec=b; ' + b"a=b;" * 1000, "aspx") == ((), False)


@pytest.mark.parametrize(
    ("extension", "trap"),
    [
        ("asp", "<%x=" + "not " * 3000 + "1\n"),
        ("asp", "<%x=" + "-" * 3000 + "1\n"),
        ("asp", "<%x=" + "9" * 20_000 + "\n"),
        ("asp", "<%x=&H" + "F" * 20_000 + "\n"),
    ],
)
def test_what_stands_behind_a_trap_is_read(extension: str, trap: str) -> None:
    found = read(f'{trap}%><%eval request("x")%>'.encode(), extension)
    assert [sign.capability for sign in found.signs if sign.sure] == [Capability.RUN_CODE]


@pytest.mark.parametrize("part", ["(a)", "return ", "a=>", "=a", "new a{b=", "f(", "a?b:("])
def test_code_nested_however_deep_is_bounded(part: str) -> None:
    read(f'<%@ Page Language="C#"%><%x={part * 3000}1;%>'.encode(), "aspx")


@pytest.mark.parametrize(
    "part", ["@(", "@{", "@{ <a>", "@{ <a ", "@if(", "@if(a){}else ", "@a.b", '@{"', "@{@:", "@*"]
)
def test_markup_and_code_in_each_other_are_bounded(part: str) -> None:
    text = part * 3000
    assert len(code_of(text)) < 20 * len(text)
    assert read(text.encode(), "cshtml").whole
