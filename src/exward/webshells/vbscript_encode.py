"""Undoes `VBScript.Encode` and `JScript.Encode` (`#@~^…^#~@`), Microsoft's Script Encoder.

The encoder replaces each character by one of three substitutions, in a fixed sequence of 64.
"""

from __future__ import annotations

import re

from exward.webshells.text import BREAK

_ENCODED = re.compile(r"#@~\^[^\r\n]{6}==(.*?)(?:\^#~@|%>|\Z)", re.DOTALL)
HEAD = 4096
_CONTINUED = re.compile(r"[ \t]_[ \t]*\r?\n")
_LINE_END = re.compile(r"\r?\n")
_CHECKSUM = 8
_ORDER = "0120121221210212021200122102122100212120200120210212001220012021"
_KEPT = frozenset(map(ord, "<>@"))
_TABLES = tuple(
    {
        code: meant
        for code, meant in zip((9, *range(32, 128)), bytes.fromhex(table), strict=True)
        if code not in _KEPT
    }
    for table in (
        "572e477a56426a2f26494134325b7672433839704568714f09624423754a7e4a5e40774a615d224b6f4e"
        "3b4c50672a7d74542b2d2c306e6b66352521644d52633f7b7829287359337f6d55537c3a5f6546583169"
        "6c5a48275c3d24793760512036",
        "6e2d755260715e495c627d2936207c7a7f6b63332b68516676316454434c3a4c7e4c452c2a7427374479"
        "592f6f26726a397b3f387767534734785d30235a5b6c485570692e4c21244e5009567335614b583b5722"
        "6d4d2528464a32413d5f4f4265",
        "7b323021295b38333d583a3565395c5673664e456b6259785e7d4a6d714160415340422748727531374d"
        "5222546a47642d207f2e4c5d7e6c6f797443267625242b28234134092a443f773b55696163506751494f"
        "46687c36706e7a2f5f4b5a2c57",
    )
)
"""Code written → code meant, for tab and the printable characters."""
_ESCAPES = {"@&": "\n", "@#": "\r", "@*": ">", "@!": "<", "@$": "@"}
_ESCAPE = re.compile("|".join(map(re.escape, _ESCAPES)))
_ASCII = re.compile("[\\0-\x7f]+")
_RUNS = re.compile("[\\0-\x7f]+|[^\\0-\x7f]+")

_PAIR = re.compile("[\x81-\xfe][\x40-\xfe]")
"""Two bytes of one letter in the code pages of East Asia, read as Latin-1."""
_WORDS = re.compile(r"\b(?:end|if|then|set|dim|var|function|sub|request|response|server)\b", re.I)
"""Of two ways to decode, the right one gives more of these."""


def decoded(text: str) -> str:
    """The text with each encoded part replaced by the code that it stands for.

    Lines stay those of the text: a line feed of the code becomes what ends a statement likewise
    (in JScript, where a statement goes on behind it, a blank).
    """
    end = "\r" if "jscript.encode" in text[:HEAD].lower() else BREAK
    return _ENCODED.sub(lambda found: _in_one_line(_decoded(found[1][:-_CHECKSUM]), end), text)


def _in_one_line(code: str, end: str) -> str:
    return _LINE_END.sub(end, _CONTINUED.sub(" ", code))


def _decoded(text: str) -> str:
    """The encoder knows the server's code page: there, two bytes may be one letter."""
    plain = _single(text)
    if _PAIR.search(text) is None:
        return plain
    paired = _single(_PAIR.sub(_letter, text))
    return max(plain, paired, key=lambda code: len(_WORDS.findall(code)))


def _letter(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("gb18030", "replace")


def _single(text: str) -> str:
    """Only ASCII letters are counted in the sequence, and changed."""
    plain = _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
    counted = "".join(_ASCII.findall(plain))
    letters = list(counted)
    for place, table in enumerate(_ORDER):
        letters[place :: len(_ORDER)] = counted[place :: len(_ORDER)].translate(_TABLES[int(table)])
    meant = "".join(letters)
    at = 0
    out = []
    for run in _RUNS.findall(plain):
        if run.isascii():
            run, at = meant[at : at + len(run)], at + len(run)
        out.append(run)
    return "".join(out)
