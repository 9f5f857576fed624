"""Reads a result that `--format jsonl` saved, for `exward report` and `exward diff`.

A file of results is checked like evidence: it may be cut off, come from another version, or be
made up. Sizes are bounded; what is wrong is said with file and line. Objects of a type that this
version does not know are left out, and each such type becomes a `Skipped` of the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from exward.model.errors import ContentError, EvidenceError
from exward.model.result import SCHEMA, ScanResult
from exward.model.skipped import Skipped
from exward.reports.contract import LINES, from_object
from exward.reports.visible import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

MAX_LINE_BYTES = 16 * 1024 * 1024
MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024
MAX_UNKNOWN_TYPES = 100
OTHER_TYPES = "other types"

_TYPES = frozenset(name for name, _ in LINES)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AGAIN = "save the result again with --format jsonl --output FILE"


@dataclass(slots=True)
class _Gathered:
    """What was read so far, by type and kind; types that are not known with line and count."""

    values: dict[tuple[str, str], list[Any]] = field(
        default_factory=lambda: {key: [] for key in LINES}
    )
    unknown: dict[str, tuple[int, int]] = field(default_factory=dict)
    announced: int | None = None
    read: int = 0


def load(path: Path) -> ScanResult:
    """Read the file; raises EvidenceError if it cannot be read, ContentError if it is not ours."""
    try:
        with path.open("rb") as stream:
            return read_result(_lines(stream, str(path)), str(path))
    except OSError as error:
        raise EvidenceError(
            f"cannot be read: {error.strerror or error}", "check the path", str(path)
        ) from error


def read_result(lines: Iterable[bytes], name: str) -> ScanResult:
    """Make a result of its lines; `name` stands in messages. Raises ContentError."""
    gathered = _Gathered()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            gathered.read += 1
            try:
                _add(gathered, line, number)
            except ValueError as error:
                raise ContentError(str(error), _SAVE_AGAIN, f"{name}:{number}") from error
    return _result(gathered, name)


def _lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    total, number = 0, 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        total += len(line)
        if number == 1:
            if line.startswith(_UTF16_MARKS):
                # Windows PowerShell 5 writes `>` so, and changes characters on the way.
                hint = "PowerShell's `>` changes the encoding; save again with --output FILE"
                raise ContentError("the file is UTF-16, not UTF-8", hint, name)
            line = line.removeprefix(_UTF8_MARK)
        if len(line) > MAX_LINE_BYTES or total > MAX_FILE_BYTES:
            raise ContentError(
                f"larger than a result may be ({MAX_LINE_BYTES:,} bytes a line, "
                f"{MAX_FILE_BYTES:,} in all)",
                _SAVE_AGAIN,
                f"{name}:{number}",
            )
        yield line


def _add(gathered: _Gathered, line: bytes, number: int) -> None:
    """Add the object of one line; raises ValueError that says what is wrong with it."""
    given = _decoded(line)
    name, kind = given.get("type"), given.get("kind", "")
    if not isinstance(name, str) or not isinstance(kind, str):
        raise ValueError("no `type`: this is not a result in exward's JSONL format")
    schema = given.get("schema")
    if schema != SCHEMA or isinstance(schema, bool):
        found = cut(visible(str(schema)), 40)
        raise ValueError(f"`schema` is {found}, this version of exward reads {SCHEMA}")
    key = (name, kind if name == "coverage" else "")
    target = LINES.get(key)
    if target is None:
        _note_unknown(gathered, f"{name}/{kind}" if name in _TYPES else name, number)
        return
    if name == "run":
        _begin(gathered, given)
    gathered.values[key].append(from_object(target, given))


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} (byte {error.pos})") from error
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")
    return given


def _begin(gathered: _Gathered, given: dict[str, Any]) -> None:
    if gathered.values["run", ""]:
        raise ValueError("a second `run`: two results were put into one file")
    announced = given.get("lines")
    if announced is not None and (not isinstance(announced, int) or isinstance(announced, bool)):
        raise ValueError("`lines` is not a number")
    gathered.announced = announced


def _note_unknown(gathered: _Gathered, name: str, number: int) -> None:
    label = cut(visible(name), 40)
    if label not in gathered.unknown and len(gathered.unknown) >= MAX_UNKNOWN_TYPES:
        label = OTHER_TYPES
    line, count = gathered.unknown.get(label, (number, 0))
    gathered.unknown[label] = (line, count + 1)


def _result(gathered: _Gathered, name: str) -> ScanResult:
    values = gathered.values
    if not values["run", ""]:
        raise ContentError("no `run` object: this is not a complete result", _SAVE_AGAIN, name)
    if gathered.announced is not None and gathered.announced != gathered.read:
        raise ContentError(
            f"{gathered.read:,} objects where the result had {gathered.announced:,}: "
            "the file was cut off or changed",
            _SAVE_AGAIN,
            name,
        )
    left_out = [
        Skipped(name, line, f"objects of type {label!r} are not known to this version", count)
        for label, (line, count) in sorted(gathered.unknown.items())
    ]
    return ScanResult(
        run=values["run", ""][0],
        verdicts=tuple(values["verdict", ""]),
        incidents=tuple(values["incident", ""]),
        findings=tuple(values["finding", ""]),
        outcomes=tuple(values["outcome", ""]),
        coverage=tuple(values["coverage", "source"]),
        rules=tuple(values["coverage", "rule"]),
        skipped=(*values["skipped", ""], *left_out),
        acceptances=tuple(values["acceptance", ""]),
        web_files=tuple(values["coverage", "web-files"]),
        postures=tuple(values["posture", ""]),
        accounts=tuple(values["account", ""]),
        stages=tuple(values["coverage", "stage"]),
    )
