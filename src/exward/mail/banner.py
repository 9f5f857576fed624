"""A warning in front of the text of a message, with nothing else of it changed.

Text is only put in: everything that was sent stays, byte for byte, behind it. That is possible in
every transfer encoding (base64 in groups of three bytes), so nothing is decoded and made anew.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from exward.mail.mime.fields import Block, parse_fields
from exward.mail.mime.message import Message
from exward.mail.mime.parameters import media_types, parameters

MAX_DEPTH = 5
MAX_INSERTIONS = 10
_PROTECTED = re.compile(
    r"multipart/(?:signed|encrypted|report)|application/(?:x-)?pkcs7-|application/pgp"
)
"""What is signed or encrypted (RFC 8551, RFC 3156), and reports that machines read."""
_INLINE_PGP = b"-----BEGIN PGP "
_STYLE = "display:block!important;visibility:visible!important;opacity:1!important"


@dataclass(frozen=True, slots=True)
class Banner:
    """The warning; without HTML of its own the text stands for it."""

    text: str
    html: str = ""


def with_banner(raw: bytes, message: Message, banner: Banner) -> bytes | None:
    """The body of a message with the warning; None if it must stay as it is.

    `message` is what was read of `raw`. Signed and encrypted messages, reports, and messages that
    programs read differently are left alone, as is what has no text.
    """
    kinds = [*message.structure, *(kind for part in message.parts for kind in part.types)]
    if message.ambiguities or any(map(_PROTECTED.match, kinds)) or _INLINE_PGP in raw:
        return None
    block = parse_fields(raw)
    found = list(_insertions(raw, (block, len(raw)), banner, 0))[:MAX_INSERTIONS]
    if not found:
        return None
    pieces = []
    at = block.end
    for place, text in found:
        pieces += [raw[at:place], text]
        at = place
    return b"".join((*pieces, raw[at:]))


def _insertions(
    raw: bytes, entity: tuple[Block, int], banner: Banner, depth: int
) -> Iterator[tuple[int, bytes]]:
    """Where in the message what is put in, from front to back; an entity ends at a place."""
    block, end = entity
    declared = _values(block, "content-type")
    kind = (media_types(declared) or ["text/plain"])[0]
    if kind in {"text/plain", "text/html"}:
        text = _encoded(block, kind, banner)
        if text and not _is_file(block):
            yield block.end, text
        return
    if not kind.startswith("multipart/") or depth > MAX_DEPTH:
        return
    boundaries = parameters(declared).get("boundary", [])
    parts = list(_parts(raw, block.end, end, boundaries[0])) if len(boundaries) == 1 else []
    for part in parts:
        found = list(_insertions(raw, part, banner, depth + 1))
        yield from found
        if found and kind != "multipart/alternative":
            return  # what a reader sees first is enough; alternatives are all the same text


def _parts(raw: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[Block, int]]:
    """The parts between the delimiter lines."""
    line = re.compile(
        rb"^--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(--)?[ \t]*\r?$\n?",
        re.MULTILINE,
    )
    begin = None
    for match in line.finditer(raw, start, end):
        if begin is not None:
            yield parse_fields(raw, begin, match.start()), match.start()
        if match[1]:
            return
        begin = match.end()


def _values(block: Block, name: str) -> list[str]:
    return [one.text for one in block.fields if one.name == name]


def _is_file(block: Block) -> bool:
    disposed = _values(block, "content-disposition")
    described = parameters([*disposed, *_values(block, "content-type")])
    is_attached = any(value.lower().lstrip().startswith("attachment") for value in disposed)
    return is_attached or bool(described.get("filename") or described.get("name"))


def _encoded(block: Block, kind: str, banner: Banner) -> bytes:
    """The warning as the part is encoded; empty where that cannot be."""
    charset = (parameters(_values(block, "content-type")).get("charset") or ["us-ascii"])[0]
    encoding = (_values(block, "content-transfer-encoding") or ["7bit"])[0].lower()
    try:
        if kind == "text/html":
            plain = _as_html(banner).encode("ascii", "xmlcharrefreplace")
        else:
            narrow = "ascii" if encoding == "7bit" else charset
            plain = f"{banner.text.strip()}\n\n".encode(narrow, "replace")
        if "<a>".encode(charset) != b"<a>":  # UTF-16, UTF-7 with signs: another text would arise
            return b""
    except LookupError:
        return b""
    return _transfer(plain, encoding)


def _transfer(plain: bytes, encoding: str) -> bytes:
    lines = plain.replace(b"\r\n", b"\n")
    if encoding in {"7bit", "8bit"}:
        return lines.replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
    if encoding == "base64":
        crlf = lines.replace(b"\n", b"\r\n")
        padded = b" " * (-len(crlf) % 3) + crlf
        return base64.encodebytes(padded).replace(b"\n", b"\r\n")
    return b""


def _as_html(banner: Banner) -> str:
    shown = banner.html.strip() or "<br>\n".join(
        html.escape(line) for line in banner.text.strip().splitlines()
    )
    return f'<div style="{_STYLE}">{shown}</div>\n'
