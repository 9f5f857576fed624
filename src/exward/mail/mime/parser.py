"""Reads a message in all readings at once: the union of what mail programs and scanners see.

A body is split at every boundary that any reading of its headers names, and at those that are not
named but delimit parts. Content is decoded in every way that the headers allow. Where the readings
differ, that is a sign of its own: mail programs write messages with one reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from exward.mail.mime import carving
from exward.mail.mime.encodings import (
    IDENTITY,
    base64_readings,
    decode,
    encoding_names,
    is_base64,
    unpacked,
)
from exward.mail.mime.fields import Block, parse_fields, without_multipart
from exward.mail.mime.message import Ambiguity, Message, Part
from exward.mail.mime.names import all_names, named_otherwise, stated
from exward.mail.mime.parameters import media_types, parameters
from exward.mail.mime.signed import signed_content
from exward.mail.mime.words import decode_text

MAX_DEPTH = 30
MAX_PARTS = 10_000
MAX_BOUNDARIES = 20
MAX_WORK_BYTES = 512 * 1024 * 1024
"""All bodies together, each counted once for every level that it is read at."""
_CAN_BE_TEXT = re.compile(r"text/|message/|multipart/")
_OTHER_BYTES = re.compile(r"utf-?(?:7|16|32)|ucs-?[24]|cp(?:037|500|1140)", re.IGNORECASE)
_ODD_BOUNDARY = re.compile(r"[^ -~]|^$|.{200}|[\"\\;]")
_PART_HEADER = re.compile(
    rb"\s*Content-(?:Type|Disposition|Transfer-Encoding)[ \t]*:", re.IGNORECASE
)
_MESSAGE = re.compile(
    rb"(?:[!-9;-~]{1,60}[ \t]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,60}?"
    rb"(?:Content-Type|MIME-Version)[ \t]*:",
    re.IGNORECASE,
)
_NAMES_BOUNDARY = re.compile(
    rb"boundary[\s*0-9]{0,5}=[\s\"']{0,4}([^\"';\r\n]{1,250})", re.IGNORECASE
)
_BLANK = re.compile(rb"\s*")
_FIELD_START = re.compile(rb"\r?\n(?:Content-[A-Za-z-]{1,40}[ \t]*:|\r?\n)", re.IGNORECASE)


Piece = bytes | memoryview
"""A part of the message; what only holds other parts is not copied for each of them."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    parts: list[Part] = field(default_factory=list)
    ambiguities: dict[Ambiguity, None] = field(default_factory=dict)
    structure: list[str] = field(default_factory=list)
    work_bytes: int = 0

    def note(self, codes: set[str] | str, where: str) -> None:
        for code in sorted({codes} if isinstance(codes, str) else codes):
            self.ambiguities[Ambiguity(code, where)] = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the message a piece stands."""

    path: str = ""
    depth: int = 0
    hidden: bool = False

    def below(self, number: int, *, hidden: bool = False) -> _Place:
        path = f"{self.path}.{number}" if self.path else str(number)
        return _Place(path, self.depth + 1, self.hidden or hidden)


def parse(data: bytes) -> Message:
    """Read a whole message; never raises, whatever the bytes are."""
    reading = _Reading()
    block = parse_fields(data)
    _read_entity(block, memoryview(data)[block.end :], _Place(), reading)
    froms = {one.value.strip() for one in block.fields if one.name == "from"}
    if len(froms) > 1:
        reading.note("two-from", "")
    return Message(
        tuple(block.fields),
        tuple(reading.parts),
        tuple(reading.ambiguities),
        len(data),
        tuple(reading.structure),
        data,
    )


def _read_entity(block: Block, body: Piece, place: _Place, reading: _Reading) -> None:
    """Read one entity: a message, or a part with its own headers."""
    reading.note(block.codes, place.path)
    reading.work_bytes += len(body)
    if place.depth > MAX_DEPTH or reading.work_bytes > MAX_WORK_BYTES:
        reading.note("too-deep", place.path)
        _read_leaf(block, body, place, reading)
        return
    declared = [one.text for one in block.fields if one.name == "content-type"]
    types = media_types(declared) or ["text/plain"]
    if len({value.strip() for value in declared}) > 1:
        reading.note("two-content-types", place.path)
    if any(kind.startswith("multipart/") for kind in types) or _names_boundary(declared):
        _read_multipart(block, body, place, reading)
    elif types[0] in {"message/rfc822", "message/global", "message/news"}:
        reading.structure.append(types[0])
        for content in _contents(block, body, place, reading):
            inner = parse_fields(content)
            _read_entity(inner, content[inner.end :], place.below(1), reading)
    else:
        if types[0] == "message/external-body":
            reading.note("external-body", place.path)
        if types[0] == "message/partial":
            reading.note("fragment", place.path)
        _read_leaf(block, body, place, reading)


def _names_boundary(declared: list[str]) -> bool:
    return any("boundary" in value.lower() and "multipart" in value.lower() for value in declared)


def _contents(block: Block, body: Piece, place: _Place, reading: _Reading) -> list[Piece]:
    values = [one.text for one in block.fields if one.name == "content-transfer-encoding"]
    names, codes = encoding_names(values)
    if IDENTITY.issuperset(names):
        reading.note(codes, place.path)
        return [body]
    contents, more = decode(bytes(body), names)
    reading.note(codes | more, place.path)
    return [*contents]


def _read_multipart(block: Block, body: Piece, place: _Place, reading: _Reading) -> None:
    declared = [one.text for one in block.fields if one.name == "content-type"]
    kinds = [kind for kind in media_types(declared) if kind.startswith("multipart/")]
    reading.structure.extend(kinds[:1])
    named = parameters(declared).get("boundary", [])
    boundaries = _boundaries(named, place, reading)
    contents = _contents(block, body, place, reading)
    if contents[0] is not body and contents[0] != body:
        reading.note("encoded-multipart", place.path)
        contents.append(body)
    for content in contents:
        pieces = _split(content, boundaries, place, reading)
        if len(pieces) == 1 and content is contents[-1]:
            pieces = _split_unannounced(content, place, reading)
        _read_pieces(pieces, place, reading)
    if single := without_multipart(block):  # announced as one text as well: up to the delimiter
        _read_leaf(single, pieces[0], place.below(0), reading)


def _boundaries(named: list[str], place: _Place, reading: _Reading) -> list[bytes]:
    if any(_ODD_BOUNDARY.search(one) for one in named):
        reading.note("boundary-odd", place.path)
    found = [one.encode("utf-8", "surrogateescape") for one in named]
    found += [one.encode("latin-1") for one in named if "\x7f" < max(one, default="") < "\u0100"]
    return list(dict.fromkeys(one.rstrip() for one in found))[:MAX_BOUNDARIES]


def _split_unannounced(content: Piece, place: _Place, reading: _Reading) -> list[Piece]:
    found = carving.boundaries_in(bytes(content))
    if found:
        reading.note("boundary-not-found", place.path)
    return _split(content, found[:MAX_BOUNDARIES], place, reading)


def _split(body: Piece, boundaries: list[bytes], place: _Place, reading: _Reading) -> list[Piece]:
    """The pieces between delimiter lines: the first is the preamble, the last may be outside."""
    if not boundaries:
        return [body]
    longest = sorted(boundaries, key=len, reverse=True)
    pattern = re.compile(
        rb"--(" + b"|".join(map(re.escape, longest)) + rb")(--)?([^\r\n]*)(?:\r*\n|\r|\Z)"
    )
    pieces: list[Piece] = []
    used: dict[bytes, int] = {}
    announced: frozenset[bytes] | None = None
    start, closed = 0, -1
    for match in pattern.finditer(body):
        if not _is_at_line_start(body, match.start()) or (match[3].strip() and not match[1]):
            continue
        if match[3].strip() and not match[2]:
            announced = _announced(body) if announced is None else announced
            if _is_inner(match, body, announced):
                continue
            reading.note("boundary-prefix", place.path)
        pieces.append(body[start : match.start()])
        start = match.end()
        used[match[1]] = used.get(match[1], 0) + 1
        if match[2] and closed < 0:
            closed = len(pieces)
        if len(pieces) + len(reading.parts) > MAX_PARTS:
            reading.note("too-many", place.path)
            break
    pieces.append(body[start:])
    _judge_split(pieces, used, closed, (place, reading))
    return pieces


def _is_at_line_start(body: Piece, at: int) -> bool:
    return at == 0 or body[at - 1] in b"\r\n"


def _announced(body: Piece) -> frozenset[bytes]:
    """The boundaries that headers within a text name, in lower case."""
    values = {match[1].strip().lower() for match in _NAMES_BOUNDARY.finditer(body)}
    return frozenset(values | {value.split(maxsplit=1)[0] for value in values if value})


def _is_inner(match: re.Match[bytes], body: Piece, announced: frozenset[bytes]) -> bool:
    """Whether a line is no delimiter of ours: an inner boundary may begin with the outer one."""
    if not _FIELD_START.match(body, max(match.end() - 2, 0)):
        return True
    return (match[1] + match[3].strip()).removesuffix(b"--").lower() in announced


def _judge_split(
    pieces: list[Piece], used: dict[bytes, int], closed: int, to: tuple[_Place, _Reading]
) -> None:
    place, reading = to
    if len(used) > 1:
        reading.note("two-boundaries", place.path)
    if len(pieces) > 1 and closed < 0:
        reading.note("no-final-boundary", place.path)
    if 0 <= closed < len(pieces) - 1 and any(map(_is_written, pieces[closed + 1 :])):
        reading.note("parts-after-end", place.path)


def _is_written(piece: Piece) -> bool:
    """Whether there is more than blanks."""
    return _BLANK.fullmatch(piece) is None


def _read_pieces(pieces: list[Piece], place: _Place, reading: _Reading) -> None:
    """Read parts; what stands around them is searched for more."""
    preamble, *parts = pieces
    if not parts:
        if _PART_HEADER.match(preamble):
            _read_outside(preamble, place.below(1), reading)
        else:
            _read_leaf(Block(), preamble, place.below(1), reading)
        return
    _read_outside(preamble, place.below(0, hidden=True), reading)
    for number, piece in enumerate(parts, start=1):
        inner = parse_fields(piece)
        is_last = number == len(parts)
        if not inner.fields and (is_last or _PART_HEADER.match(piece)):  # an epilogue, or a gap
            _read_outside(piece, place.below(number, hidden=True), reading)
        elif _is_written(piece):
            _read_entity(inner, piece[inner.end :], place.below(number), reading)


def _read_outside(piece: Piece, place: _Place, reading: _Reading) -> None:
    """Look into a preamble or epilogue, which most programs do not show."""
    text = bytes(piece)
    boundaries = carving.boundaries_in(text)
    if boundaries or _PART_HEADER.match(text):
        reading.note("part-outside", place.path)
        if boundaries:
            _read_pieces(_split(text, boundaries, place, reading), place, reading)
        else:
            inner = parse_fields(text.lstrip())
            _read_entity(inner, text.lstrip()[inner.end :], place, reading)
    else:
        _carve_files(text, place, reading)


def _read_leaf(block: Block, piece: Piece, place: _Place, reading: _Reading) -> None:
    body = bytes(piece)
    declared = _texts(block, "content-type")
    disposed = _texts(block, "content-disposition")
    described = parameters(declared)
    names = _names(block, described)
    types = media_types(declared) or ["text/plain"]
    contents = list(map(bytes, _contents(block, body, place, reading)))
    contents += _unpacked(block, contents[0], (place, reading))
    if not _CAN_BE_TEXT.match(types[0]) and is_base64(contents[0]):
        if contents == [body]:
            reading.note("base64-unannounced", place.path)
        contents += base64_readings(contents[0])
    charsets = tuple(described.get("charset", []))
    if "utf-7" in (one.lower() for one in charsets):
        reading.note("utf-7", place.path)
    if len({_extension(name) for name in stated(names)}) > 1:
        reading.note("two-names", place.path or "1")
    part = Part(
        place.path or "1",
        tuple(block.fields) if place.depth else (),
        tuple(types),
        tuple(all_names(names)),
        tuple(dict.fromkeys(contents)),
        charsets,
        place.hidden,
        any(value.lower().lstrip().startswith("attachment") for value in disposed),
    )
    reading.parts.append(part)
    _look_inside(part, place, reading)
    if not _CAN_BE_TEXT.match(types[0]) and place.depth < MAX_DEPTH:
        _split_anyway(body, described.get("boundary", []), place, reading)


def _split_anyway(body: bytes, named: list[str], place: _Place, reading: _Reading) -> None:
    """Parts in what says that it is a file, and names a boundary all the same."""
    hidden = _Place(place.path, place.depth + 1, hidden=True)
    pieces = _split(body, _boundaries(named, hidden, reading), hidden, reading)
    if len(pieces) > 1:
        reading.note("part-outside", place.path)
        _read_pieces(pieces, hidden, reading)


def _texts(block: Block, name: str) -> list[str]:
    return [one.text for one in block.fields if one.name == name]


def _names(block: Block, described: dict[str, list[str]]) -> list[str]:
    """The names that the headers state for a file, as they should be read first."""
    placed = parameters(_texts(block, "content-disposition"))
    names = [*placed.get("filename", []), *described.get("name", [])]
    names += [*placed.get("name", []), *described.get("filename", [])]
    cut = [one for one in block.fields if b"\0" in one.value and one.name.startswith("content-")]
    marked = [one.marked for one in cut if one.name != "content-description"]
    for found in parameters(marked).values():
        names += [one for one in found if "\0" in one]
    if names:
        return names
    return named_otherwise(_texts(block, "content-description"), _texts(block, "content-location"))


def _unpacked(block: Block, content: bytes, to: tuple[_Place, _Reading]) -> list[bytes]:
    """What is packed in the content by an encoding that mail does not have."""
    place, reading = to
    found = list(unpacked(content, _texts(block, "content-encoding")))
    if found:
        reading.note("content-encoding", place.path)
    return found


def _look_inside(part: Part, place: _Place, reading: _Reading) -> None:
    """Search a text for files and parts that the usual reading leaves as text."""
    text = part.content
    if _CAN_BE_TEXT.match(part.media_type):
        if b"\0" in text[:100_000] and text[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            reading.note("nul-bytes", part.path)
        _carve_files(_as_bytes(part), place, reading)
    elif place.depth < MAX_DEPTH:
        held = text if _MESSAGE.match(text[:65_536]) else signed_content(text)
        if held:
            inner = parse_fields(held)
            _read_entity(inner, held[inner.end :], place.below(1), reading)
    if part.is_attached or place.depth >= MAX_DEPTH or not _CAN_BE_TEXT.match(part.media_type):
        return
    boundaries = carving.boundaries_in(text) if len(text) < 4 * 1024 * 1024 else []
    if boundaries and not _is_report(reading):
        reading.note("part-outside", part.path)
        hidden = _Place(place.path, place.depth + 1, hidden=True)
        pieces = _split(text, boundaries[:MAX_BOUNDARIES], hidden, reading)
        if len(pieces) > 1:
            _read_pieces(pieces, hidden, reading)


def _as_bytes(part: Part) -> bytes:
    """A text as it would be in ASCII, where its letters take other bytes."""
    wide = [one for one in part.charsets if _OTHER_BYTES.match(one)]
    if not wide:
        return part.content
    return decode_text(part.content, wide[0]).encode("utf-8", "replace")


def _is_report(reading: _Reading) -> bool:
    """Bounces quote the message that came back."""
    return bool(reading.structure) and reading.structure[0] == "multipart/report"


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _carve_files(text: bytes, place: _Place, reading: _Reading) -> None:
    if len(reading.parts) >= MAX_PARTS:
        return
    for number, (name, content, code) in enumerate(carving.files_in(text), start=1):
        reading.note(code, place.path)
        where = f"{place.path or '1'}/{number}"
        names = (name,) if name else ()
        kind = ("application/octet-stream",)
        reading.parts.append(Part(where, (), kind, names, (content,), hidden=True))
