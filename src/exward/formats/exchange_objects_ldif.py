"""Addresses of virtual directories in a dump of the directory (`ldifde`; LDIF, RFC 2849).

Only entries with an address become records; of the others, which are no loss, nothing is kept.
Positions are the lines on which the entries begin.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from exward.formats import exchange_objects, record_batch, text_encoding
from exward.formats.json_objects import numbered_lines
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-objects-ldif"
TITLE = "Directory dump (LDIF)"
MAX_VALUE_BYTES = 1024 * 1024
"""Of one value; a web address has 2,000."""

_BEGINNING = re.compile(rb"(?:\s|#[^\n]{0,2000}\n|version:\s?\d\s)*dn::?\s?\S", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"(dn|cn|whenChanged|msExchInternalHostName|msExchExternalHostName)(::?)\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)


def recognises(head: bytes) -> bool:
    """Say whether the first entry begins as LDIF has it."""
    return _BEGINNING.match(text_encoding.utf8_head(head)) is not None


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a dump of the configuration has some ten thousand entries."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries with an address in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "lines cannot be read")
    with source.open() as stream:
        lines = numbered_lines(text_encoding.utf8_blocks(stream, source.head))
        yield from record_batch.batches(source.path, _steps(lines, losses), losses)


def _steps(
    lines: Iterable[tuple[int, bytes | None]], losses: Losses
) -> Iterator[tuple[Iterable[Record], int]]:
    entry: dict[str, object] = {}
    begun, size_bytes = 1, 0
    for number, line in _unfolded(lines, losses):
        size_bytes += len(line) + 1
        if line.strip():
            begun = begun if entry else number
            _add(entry, number, line, losses)
            continue
        yield _records(begun, entry, losses), size_bytes
        entry, size_bytes = {}, 0
    yield _records(begun, entry, losses), size_bytes


def _records(begun: int, entry: dict[str, object], losses: Losses) -> Iterator[Record]:
    return exchange_objects.records([(begun, entry, "")], losses, all_expected=False)


def _unfolded(
    lines: Iterable[tuple[int, bytes | None]], losses: Losses
) -> Iterator[tuple[int, bytes]]:
    """Lines that begin with a blank continue the one before."""
    first, whole = 0, b""
    for number, line in lines:
        if line is None:
            losses.broken(number, "line longer than 16 MiB")
            continue
        text = line.rstrip(b"\r")
        if text[:1] == b" " and first:
            # What is beyond the limit is cut below.
            whole += text[1:] if len(whole) <= MAX_VALUE_BYTES else b""
            continue
        if first:
            yield first, whole
        first, whole = number, text
    if first:
        yield first, whole


def _add(entry: dict[str, object], number: int, line: bytes, losses: Losses) -> None:
    found = _ATTRIBUTE.match(line)
    if found is None:
        return
    value = found[3][:MAX_VALUE_BYTES]
    if len(found[3]) > MAX_VALUE_BYTES:
        losses.incomplete(number, "values longer than 1 MiB were cut")
    if found[2] == b"::":
        try:
            value = base64.b64decode(value, validate=False)
        except (binascii.Error, ValueError):
            losses.broken(number, "no readable base64")
            return
    entry[found[1].decode()] = value.decode("utf-8", "replace")
