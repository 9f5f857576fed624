"""Audit logs as `Search-AdminAuditLog | ConvertTo-Json` and the like write them.

Positions are the number of the line (JSON Lines) or of the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from exward.formats import (
    audit_records,
    json_objects,
    json_shapes,
    record_batch,
    text_encoding,
)
from exward.formats.json_objects import Piece
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-audit-json"
TITLE = "Exchange audit log as JSON"

_PROBED_OBJECTS = 5
_TELLTALES = (
    (b'"CmdletName"', b'"CmdletParameters"', b'"RunDate"'),
    (b'"LogonType"', b'"MailboxGuid"', b'"LastAccessed"'),
)


def recognises(head: bytes) -> bool:
    """Say whether one of the first objects is an audit entry; one cut by the head is guessed."""
    text = text_encoding.utf8_head(head)
    if not text.lstrip().startswith((b"{", b"[")):
        return False
    for piece in islice(_pieces([text], text), _PROBED_OBJECTS):
        try:
            entries = list(_entries(piece))
        except (ValueError, RecursionError):
            continue
        if entries:
            return any(audit_records.kind_of(entry) is not None for _, entry in entries)
    return any(all(name in text for name in names) for names in _TELLTALES)


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a search gives some thousand entries at most."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "lines or objects are no readable JSON")
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        pieces = _pieces(blocks, text_encoding.utf8_head(source.head))
        steps = ((_records(piece, losses), len(piece.data or b"")) for piece in pieces)
        yield from record_batch.batches(source.path, steps, losses)


def _pieces(blocks: Iterable[bytes], head: bytes) -> Iterator[Piece]:
    if json_objects.is_by_line(head):
        return json_objects.by_line(json_objects.numbered_lines(blocks))
    return json_objects.by_brace(blocks)


def _entries(piece: Piece) -> Iterator[tuple[int, object]]:
    if piece.data is not None:
        for value in json_objects.parse(piece.data):
            for entry in json_shapes.records_of(value):
                yield piece.number, entry


def _records(piece: Piece, losses: Losses) -> Iterator[Record]:
    if piece.data is None:
        losses.broken(piece.number, piece.reason)
        return
    try:
        entries = list(_entries(piece))
    except (ValueError, RecursionError) as error:
        losses.broken(piece.number, f"no readable JSON: {error}")
        return
    yield from audit_records.records(entries, losses)
