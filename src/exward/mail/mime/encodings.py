"""Transfer encodings, with every result that some decoder has."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

_BLANKS = b" \t\r\n\x0b\x0c"
_CLEAN = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_ODD_GROUP = re.compile(rb"=[A-Za-z0-9+/]{1,3}=|==[A-Za-z0-9+/]")
_CHUNK = re.compile(rb"[A-Za-z0-9+/]+")
_NOT_LETTER = re.compile(rb"[^A-Za-z0-9+/=\s]")
_FOREIGN = bytes(byte for byte in range(256) if _NOT_LETTER.match(bytes([byte])))
_URL_SAFE = re.compile(rb"[A-Za-z0-9_-]*={0,2}")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
_FULL_LINE = re.compile(rb"^[ \t]*[A-Za-z0-9+/]{40,}={0,2}[ \t]*\r?$", re.MULTILINE)
_SOFT_BREAK = re.compile(rb"=[ \t]*(?:\r?\n|\r|\Z)")
_ODD_QUOTED = re.compile(rb"\0|=[ \t]+\r?\n|=\r(?!\n)|=[0-9A-Fa-f]=[ \t]*[\r\n]")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_UU_BEGIN = re.compile(
    rb"(?:^|(?<=\r))[ \t]{0,20}begin(-base64)?[ \t]{1,20}(?:[0-7]{3,6}(?:[ \t]{1,20}|(?=[\r\n])))?"
    rb"([^\r\n]{0,255})(?:\r*\n|\r)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(rb"[^\r\n]+")
_UU_END = re.compile(rb"(?:^|(?<=\r))(?:end|====)\s*$", re.IGNORECASE | re.MULTILINE)
_YENC = re.compile(
    rb"(?:^|(?<=\r))=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})(?:\r*\n|\r)"
    rb"(?:=ypart [^\r\n]{0,200}(?:\r*\n|\r))?",
    re.MULTILINE,
)
_YENC_END = re.compile(rb"(?:^|(?<=\r))=yend ", re.MULTILINE)
_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_YENC_LETTERS = bytes((byte - 42) % 256 for byte in range(256))
_WINDOWS = {"gzip": (31,), "deflate": (15, -15)}
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
IDENTITY = frozenset({"7bit", "8bit", "binary", "", "none"})
_KNOWN = IDENTITY | {"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue"}
MAX_CHUNKS = 1000
MAX_GROUPED_BYTES = 256 * 1024
MAX_FRAMES = 100
MAX_MANY_BYTES = 8 * 1024 * 1024
"""Larger content is not read in further ways: each is a copy of it."""


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
            found += quoted_readings(data)
        elif "uu" in name:
            found += [content for _, content in uuencoded(data)] or [data]
            found += base64_readings(data) if is_base64(data) else []
        else:
            found.append(data)
            if name not in IDENTITY and is_base64(data):
                found += base64_readings(data)
    return list(dict.fromkeys(found)), codes


def base64_readings(data: bytes) -> list[bytes]:
    """All that decoders make of base64: they go on or stop at padding and at foreign characters."""
    packed = data.translate(None, _BLANKS)
    if _CLEAN.fullmatch(packed):
        return [_plain(packed)]
    if packed.count(b"=") and not _NOT_LETTER.search(data):
        stopped = _plain(packed.partition(b"=")[0])
        whole = _plain(packed.replace(b"=", b""))
        return _significant([_chunks(packed), stopped, whole, *_groups(packed)])
    if _URL_SAFE.fullmatch(packed):
        return _significant(
            [_plain(packed.translate(_FROM_URL)), _plain(packed.translate(None, _FOREIGN))]
        )
    cleaned = packed.translate(None, _FOREIGN)
    stopped = _NOT_LETTER.split(packed, maxsplit=1)[0]
    trailing = len(cleaned) - len(stopped) <= 4 or not _CHUNK.search(packed[len(stopped) :])
    if trailing or _is_text_after(data):
        return [_plain(stopped.partition(b"=")[0])]
    first = _plain(cleaned.partition(b"=")[0])
    others = [_chunks(cleaned), _plain(stopped.partition(b"=")[0]), *_behind_text(data)]
    return _significant([first, *others])


def _behind_text(data: bytes) -> Iterator[bytes]:
    """What begins at the first line that is all base64, where text stands in front of it."""
    line = _FULL_LINE.search(data) if len(data) <= MAX_MANY_BYTES else None
    if line is not None and line.start():
        rest = data[line.start() :].translate(None, _BLANKS)
        yield _plain(_NOT_LETTER.split(rest, maxsplit=1)[0].partition(b"=")[0])


def quoted_readings(data: bytes) -> list[bytes]:
    """All that decoders make of quoted-printable: they decode lines, or join them first."""
    usual = binascii.a2b_qp(data)
    if len(data) > MAX_MANY_BYTES or not _ODD_QUOTED.search(data):
        return [usual]
    joined = _replaced(_SOFT_BREAK, lambda match: b"", data.replace(b"\0", b""))
    lenient = _replaced(_HEX, lambda match: bytes([int(match[1], 16)]), joined)
    return list(dict.fromkeys([usual, lenient]))


def _replaced(
    pattern: re.Pattern[bytes], change: Callable[[re.Match[bytes]], bytes], data: bytes
) -> bytes:
    """As `pattern.sub`, which holds 80 bytes for every match until it has all."""
    found, end = bytearray(), 0
    for match in pattern.finditer(data):
        found += data[end : match.start()]
        found += change(match)
        end = match.end()
    return bytes(found + data[end:])


def unpacked(data: bytes, names: Iterable[str]) -> Iterator[bytes]:
    """The content that a Content-Encoding header says is packed; mail has no such header."""
    for name in names:
        for window in _WINDOWS.get(name.strip().lower().removeprefix("x-"), ()):
            try:
                yield zlib.decompressobj(window).decompress(data, MAX_UNPACKED_BYTES)
                break
            except zlib.error:
                continue


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
    pieces = [match[0] for match in islice(_CHUNK.finditer(packed), MAX_CHUNKS + 1)]
    if len(pieces) > MAX_CHUNKS:
        return _plain(packed.replace(b"=", b""))
    return b"".join(map(_plain, pieces))


def _groups(packed: bytes) -> Iterator[bytes]:
    """Each four letters by themselves, with equals signs where none may stand: `Q=Q=`, `Q==Q`."""
    if len(packed) > MAX_GROUPED_BYTES or not _ODD_GROUP.search(packed):
        return
    groups = [packed[at : at + 4] for at in range(0, len(packed), 4)]
    yield b"".join(_plain(group.replace(b"=", b"")) for group in groups)
    yield b"".join(_plain(group.partition(b"=")[0]) for group in groups)


def is_base64(data: bytes) -> bool:
    """Whether text that is not said to be base64 is nothing else: lines of 40 letters or more."""
    line = _FULL_LINE.search(data[:4000])
    return line is not None and _CLEAN.fullmatch(data[:4000].translate(None, _BLANKS)) is not None


def _framed(
    data: bytes, begin: re.Pattern[bytes], end: re.Pattern[bytes]
) -> Iterator[tuple[re.Match[bytes], bytes]]:
    """Each beginning, and what stands up to its end or the next beginning."""
    starts = list(islice(begin.finditer(data), MAX_FRAMES + 1))
    nexts = [*(start.start() for start in starts[1:]), len(data)]
    for start, until in zip(starts[:MAX_FRAMES], nexts, strict=False):
        found = end.search(data, start.end(), until)
        yield start, data[start.end() : found.start() if found else until]


def uuencoded(data: bytes) -> list[tuple[str, bytes]]:
    """Files in a text between `begin MODE NAME` and `end`: name and content."""
    if b"egin" not in data and b"EGIN" not in data:
        return []
    found = []
    for start, body in _framed(data, _UU_BEGIN, _UU_END):
        content = base64_readings(body)[0] if start[1] else _uu_lines(body)
        if content:
            found.append((start[2].decode("utf-8", "replace").strip(), content))
    return found


def _uu_lines(body: bytes) -> bytes:
    """The content of uuencoded lines; nothing if the first is none, as in ordinary text."""
    found = bytearray()
    for match in _LINE.finditer(body):  # one after the other: all at once are thrice their size
        line = match[0]
        if line.strip():
            found += _uu_line(line)
            if not found:
                break
    return bytes(found)


def _uu_line(line: bytes) -> bytes:
    """One line: a letter that states how many bytes it stands for, then four letters for three."""
    stated = (line[0] - 32) & 63
    # Some encoders do not fill the last group, some add a check letter, some cut blanks.
    for size in ((stated + 2) // 3 * 4, (stated * 4 + 2) // 3):
        if not size <= len(line) + 3 <= size + 8:
            continue
        try:
            return binascii.a2b_uu(line[: 1 + size])
        except binascii.Error:
            continue
    return b""


def yencoded(data: bytes) -> list[tuple[str, bytes]]:
    """Files in a text between `=ybegin` and `=yend` (yEnc draft 1.3): name and content."""
    if b"=ybegin " not in data:
        return []
    found = []
    for start, framed in _framed(data, _YENC, _YENC_END):
        body = framed.translate(None, b"\r\n")
        # The letter behind an equals sign was moved by 64 more.
        plain = _replaced(_ESCAPED, lambda match: bytes([(match[1][0] - 64) % 256]), body)
        found.append((start[1].decode("utf-8", "replace").strip(), plain.translate(_YENC_LETTERS)))
    return found
