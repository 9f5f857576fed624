import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from exward.model.powershell import LITERAL, literal
from exward.response.quoting import command, comment, is_name, is_path, span
from tests.collector.powershell import commands, errors, nodes, text_of

HOSTILE = (
    "'; Restart-Computer; '",
    "\u2019; Restart-Computer; \u2018",
    "\u201a; Restart-Computer \u201b",
    "a\nRestart-Computer",
    "a\r\nRestart-Computer\u2028x\u2029y\x85z",
    "`'; Restart-Computer #",
    "$(Restart-Computer)",
    "#> Restart-Computer <#",
    "\u0451\u0411\u0412",  # one byte of each is U+2019 in code page 1252
    "\x00\x1b[2J\u202e",
    "\ud800 lone",
    "\U0001f480",
    "",
)
TEXT = st.one_of(st.text(st.characters(exclude_categories=())), st.sampled_from(HOSTILE))
PIECE = re.compile(r"'((?:[^']|'')*)'|\[char\]0x([0-9A-F]{4})")


def evaluated(expression):
    """What PowerShell makes of the expression: UTF-16 code units joined."""
    units = b""
    for quoted, number in PIECE.findall(expression):
        text = quoted.replace("''", "'").encode("utf-16-le")
        units += int(number, 16).to_bytes(2, "little") if number else text
    return units.decode("utf-16-le", "surrogatepass")


@given(TEXT)
def test_a_literal_is_the_value_and_nothing_else(value):
    made = literal(value)
    assert made.isascii()
    assert made.isprintable()
    assert re.fullmatch(LITERAL, made) is not None
    assert evaluated(made) == value.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "surrogatepass"
    )
    rest = PIECE.sub("", made.removeprefix("(").removesuffix(")"))
    assert set(rest) <= {" ", "+"}


@given(TEXT, TEXT)
def test_a_command_calls_only_what_its_template_calls(one, two):
    line = command("Set-Thing -Name {} -Value {}", one, two)
    assert errors(line) == []
    assert commands(line) == {"Set-Thing"}
    assert not any(node.type in {"comment", "sub_expression", "variable"} for node in nodes(line))


@pytest.mark.parametrize("value", HOSTILE)
def test_known_ways_out_of_a_string_stay_in_it(value):
    strings = [text_of(node) for node in nodes(command("Get-Thing {}", value))]
    assert strings[0] == f"Get-Thing {literal(value)}"


def test_examples_of_literals():
    assert literal("it's") == "'it''s'"
    assert literal("") == "''"
    assert literal("a\u2019b") == "('a' + [char]0x2019 + 'b')"
    assert literal("\u2019") == "('' + [char]0x2019)"
    assert command("A {}", ("a", "b'")) == "A 'a', 'b'''"


@given(TEXT)
def test_a_comment_is_comment_on_every_line(value):
    lines = comment("Why", value)
    assert lines
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        assert re.match(r"# (Why {7}| {10}|Why$)", line)


@given(TEXT)
def test_a_span_is_code_in_markdown(value):
    tokens = MarkdownIt("commonmark").parse(f"- {span(value)}, at the end\n")
    (inline,) = [token for token in tokens if token.type == "inline"]
    assert {child.type for child in inline.children or ()} <= {"code_inline", "text"}
    assert (inline.children or [])[-1].content.endswith(", at the end")
    assert not [token for token in tokens if token.type in {"html_block", "fence"}]


@pytest.mark.parametrize("value", ["*", "a?", "[a-z]", "", "  ", "x" * 257, "a\nb"])
def test_what_names_several_things_or_none_is_no_name(value):
    assert not is_name(value)


@pytest.mark.parametrize("value", ["svc-health", "O'Brien", "\\Task", "EX01\\Relay", "CN=Eve,DC=x"])
def test_names(value):
    assert is_name(value)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (r"C:\a\b.aspx", True), (r"\\host\c$\a.pst", True), (r"a\b.aspx", False), ("C:", False),
        (r"C:\a*.aspx", False), ("C:\\a\nb", False), ("C:\\" + "a" * 999, False), ("", False),
    ],
)  # fmt: skip
def test_paths(value, right):
    assert is_path(value) is right
