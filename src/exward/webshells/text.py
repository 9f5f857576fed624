"""The text of a web-served file as ASP and ASP.NET would read it, whatever its encoding."""

from __future__ import annotations

import codecs
import re

BREAK = "\x01"
"""What ends a statement and a comment as a line feed does, and is none."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF7 = re.compile(rb"codepage\s*=\s*[\"']?65000|charset\s*=\s*[\"']?utf-7", re.IGNORECASE)
_EBCDIC = ("cp037", "cp500")
_NUL_SHARE = 0.3
_TYPESET = re.compile("[\u201c\u201d]|\xa1[\xb0\xb1]")
"""Quotation marks as they are printed; of GBK, read as Latin-1."""
_COPIED = re.compile(rf"<%@[^%]{{0,300}}=\s{{0,9}}(?:{_TYPESET.pattern})")


def text_of(data: bytes) -> str:
    """Decode by byte order mark, page directive or look; what is neither is Latin-1.

    The same number of lines comes out as went in, so that places can be told.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace").replace("\0", "")
    wide = _wide(data[:4096])
    if wide:
        return data.decode(wide, "replace").replace("\0", "")
    if _UTF7.search(data, 0, 4096):
        return data.decode("utf-7", "ignore")
    if b"<%" not in data and b"<" not in data[:4096]:
        for codec in _EBCDIC:
            text = data.decode(codec)
            if "<%" in text or "<script" in text.lower():
                return text.replace("\x85", "\n")
    try:
        return data.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("latin-1").replace("\0", "")


def as_typed(text: str) -> str:
    """A page that was copied from where code is printed, with quotation marks as they are typed.

    Its directive tells: a server takes no other marks there. The page would not run as it is, but
    says what somebody tried.
    """
    return _TYPESET.sub('"', text) if _COPIED.search(text) else text


def _wide(head: bytes) -> str:
    """The UTF-16 in which text without a mark is written; "" if it is not."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > _NUL_SHARE * len(head) / 2 and odd > 4 * even:
        return "utf-16-le"
    if even > _NUL_SHARE * len(head) / 2 and even > 4 * odd:
        return "utf-16-be"
    return ""
