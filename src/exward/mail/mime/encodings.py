"""Transfer encodings, with every result that some decoder has."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable

_BLANKS = b" \t\r\n"
_CLEAN = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_CHUNK = re.compile(rb"[A-Za-z0-9+/]+")
_NOT_LETTER = re.compile(rb"[^A-Za-z0-9+/=\s]")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
IDENTITY = frozenset({"7bit", "8bit", "binary", "", "none"})
_KNOWN = IDENTITY | {"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue"}
MAX_CHUNKS = 1000


def encoding_names(values: Iterable[str]) -> tuple[list[str], set[str]]:
    """The encodings that these header values may name, and what is odd about them."""
    names: list[str] = []
    codes: set[str] = set()
    for value in values:
        bare = re.sub(r"\([^()]{0,200}\)", "", value)
        name = re.sub(r"[\s\"';,\x00]", "", bare).lower()
        if name in _KNOWN and value.strip().lower() not in {name, f"{name};", f'"{name}"'}:
            codes.add("encoding-odd")
        if name not in _KNOWN:
            codes.add("encoding-unknown")
        names.append(name)
    names = list(dict.fromkeys(names)) or [""]
    if len({"" if name in IDENTITY else name for name in names}) > 1:
        codes.add("two-encodings")
    return names, codes


def decode(data: bytes, names: list[str]) -> tuple[list[bytes], set[str]]:
    """Every content that `data` may stand for, the first name's first."""
    found: list[bytes] = []
    codes: set[str] = set()
    for name in names:
        if name == "base64":
            readings = base64_readings(data)
            if len(readings) > 1:
                codes.add("base64-broken")
            found += readings
        elif name == "quoted-printable":
            found.append(binascii.a2b_qp(data))
        elif "uu" in name:
            found += [content for _, content in uuencoded(data)] or [data]
        else:
            found.append(data)
            if name not in IDENTITY and _looks_base64(data):
                found += base64_readings(data)
    return list(dict.fromkeys(found)), codes


def base64_readings(data: bytes) -> list[bytes]:
    """All that decoders make of base64: they go on or stop at padding and at foreign characters."""
    packed = data.translate(None, _BLANKS)
    if _CLEAN.fullmatch(packed):
        return [_plain(packed)]
    if packed.count(b"=") and not _NOT_LETTER.search(data):
        return _significant([_chunks(packed), _plain(packed.partition(b"=")[0])])
    cleaned = _NOT_LETTER.sub(b"", packed)
    stopped = _NOT_LETTER.split(packed, maxsplit=1)[0]
    trailing = len(cleaned) - len(stopped) <= 4 or not _CHUNK.search(packed[len(stopped) :])
    if trailing or _is_text_after(data):
        return [_plain(stopped.partition(b"=")[0])]
    first = _plain(cleaned.partition(b"=")[0])
    return _significant([first, _chunks(cleaned), _plain(stopped.partition(b"=")[0])])


def _is_text_after(data: bytes) -> bool:
    """Whether what is no base64 is a footer behind it, as mailing lists add."""
    first = _NOT_LETTER.search(data)
    if first is None:
        return False
    head = data[: data.rfind(b"\n", 0, first.start()) + 1]
    return head.rstrip().endswith(b"=") or (
        b" " in data[first.start() - 40 : first.end() + 40].strip() and len(head) > len(data) // 2
    )


def _significant(readings: list[bytes]) -> list[bytes]:
    """Readings that differ by more than a cut-off rest, the longest of the same start."""
    kept: list[bytes] = []
    for one in readings:
        if any(abs(len(one) - len(other)) <= 3 and one[:-3] == other[: len(one) - 3]
               for other in kept):  # fmt: skip
            continue
        kept.append(one)
    return kept


def _plain(packed: bytes) -> bytes:
    letters = packed.rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _chunks(packed: bytes) -> bytes:
    """Several base64 texts one behind another, each with its own padding."""
    pieces = _CHUNK.findall(packed)
    if len(pieces) > MAX_CHUNKS:
        return _plain(b"".join(pieces))
    return b"".join(_plain(piece) for piece in pieces)


def _looks_base64(data: bytes) -> bool:
    packed = data[:4000].translate(None, _BLANKS)
    return len(packed) >= 16 and _CLEAN.fullmatch(packed) is not None


def uuencoded(data: bytes) -> list[tuple[str, bytes]]:
    """Files in a text between `begin MODE NAME` and `end`: name and content."""
    found = []
    for start in list(_UU_BEGIN.finditer(data))[:100]:
        end = re.compile(rb"^(?:end|====)\s*$", re.MULTILINE).search(data, start.end())
        body = data[start.end() : end.start() if end else len(data)]
        if start[0].startswith(b"begin-base64"):
            content = base64_readings(body)[0]
        else:
            content = b"".join(map(_uu_line, body.splitlines()))
        if content:
            found.append((start[1].decode("utf-8", "replace").strip(), content))
    return found


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders do not fill the last group: the length that the line states is right.
        try:
            return binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3])
        except binascii.Error:
            return b""
