"""Encoded words (RFC 2047) and character sets, read as leniently as mail programs do."""

from __future__ import annotations

import binascii
import re
from functools import lru_cache

_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?]{0,5000}?)\?=", re.IGNORECASE)
_BROKEN_WORD = re.compile(
    r"=\?([\w.:+'\" -]{0,40})(?:\*[\w-]*)?\?([a-z]?)\?([^?]{0,5000})\??=?", re.IGNORECASE
)
_LONG_WORD = re.compile(
    r"=\?([\w.:+'\" -]{0,40})(?:\*[\w-]*)?\?([a-z]?)\?(.{0,5000}?)\?=", re.IGNORECASE | re.DOTALL
)
"""With question marks in what is coded."""
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_CUT = re.compile(r"={0,2}\?==\?[\w.:+-]{1,40}\?b\?", re.IGNORECASE)
_HALVES = re.compile("[\ud800-\udfff]")
MAX_TEXT_BYTES = 2 * 1024 * 1024
_SAME = {"x-unknown": "utf-8", "unknown-8bit": "utf-8", "iso-8859-8-i": "iso-8859-8"}
_NOT_TEXT = {"hex", "rot13", "rot_13", "zlib", "zip", "bz2", "base64", "quopri", "uu", "punycode"}
_NOT_TEXT |= {"idna", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}


def decode_words(text: str) -> str:
    """Replace every encoded word by what it says; anything else stays as it is."""
    if "=?" not in text:
        return text
    return _WORD.sub(_decode_word, _BETWEEN.sub(r"\1\2", text))


def decode_words_leniently(text: str) -> list[str]:
    """What programs make of encoded words that are broken: cut off, nameless, padded within."""
    joined = _BETWEEN.sub(r"\1\2", text)
    found = [_BROKEN_WORD.sub(decode, joined) for decode in (_decode_word, _decode_pieces)]
    cut = _CUT.sub("", joined)  # letters of base64 go on in the next word
    return [*found, _LONG_WORD.sub(_decode_word, joined), _WORD.sub(_decode_word, cut)]


def _decode_pieces(match: re.Match[str]) -> str:
    """Base64 in several pieces, each with its own padding."""
    if match[2].lower() != "b":
        return _decode_word(match)
    pieces = re.findall(r"[A-Za-z0-9+/]+", match[3])
    return decode_text(b"".join(map(_base64, pieces)), match[1])


def _base64(coded: str) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", coded.encode("utf-8", "replace"))
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _decode_word(match: re.Match[str]) -> str:
    charset, kind, coded = match[1], match[2].lower(), match[3]
    if kind != "b":
        raw = coded.encode("utf-8", "replace")
        return decode_text(binascii.a2b_qp(raw, header=True), charset)
    return decode_text(_base64(coded), charset)


@lru_cache(maxsize=256)
def _usable(charset: str) -> str:
    """The name of the codec, or empty if there is none for text."""
    name = charset.strip().strip("'\"").lower()
    name = _SAME.get(name, name)
    try:
        "".encode(name)
        b"".decode(name)
    except (LookupError, ValueError, TypeError, UnicodeError):
        return ""
    return "" if name.replace("-", "_") in _NOT_TEXT else name


def decode_text(data: bytes, charset: str = "") -> str:
    """Text of bytes: by the charset given, else UTF-16 with a mark, UTF-8, Windows-1252."""
    data = data[:MAX_TEXT_BYTES]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    name = _usable(charset) if charset else ""
    for codec in filter(None, (name if name != "us-ascii" else "", "utf-8")):
        try:
            return whole_letters(data.decode(codec))
        except (UnicodeDecodeError, ValueError):
            continue
    if name and name not in {"utf-8", "us-ascii", "ascii"}:
        return whole_letters(data.decode(name, "replace"))
    return data.decode("cp1252", "replace")


def whole_letters(text: str) -> str:
    """A text without halves of letters, which UTF-7 and punycode can name and nobody can write."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)
