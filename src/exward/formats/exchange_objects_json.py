"""Transport agents and virtual directories as `… | ConvertTo-Json` and the collector write them.

Positions are the number of the line (JSON Lines) or of the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from exward.formats import exchange_objects, json_objects, record_batch, text_encoding
from exward.formats.json_objects import Piece
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-objects-json"
TITLE = "Transport agents or virtual directories as JSON"

_PROBED_OBJECTS = 5
_TELLTALES = (
    (b'"TransportAgentFactory"', b'"AssemblyPath"'),
    (b'"InternalUrl"', b'"ExternalUrl"', b'"Server"'),
)


def recognises(head: bytes) -> bool:
    """Say whether one of the first objects is of these kinds; one cut by the head is guessed."""
    text = text_encoding.utf8_head(head)
    if not text.lstrip().startswith((b"{", b"[")):
        return False
    if not any(all(name in text for name in names) for names in _TELLTALES):
        return False
    for piece in islice(_pieces([text], text), _PROBED_OBJECTS):
        try:
            objects = list(_objects(piece))
        except (ValueError, RecursionError):
            continue
        if objects:
            return any(exchange_objects.kind_of(one) is not None for _, one, _ in objects)
    return True


def parts(source: Source, workers: int) -> int:
    """Read in one piece: there are few such objects."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the objects in file order; see `interface.Format`."""
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


def _objects(piece: Piece) -> Iterator[tuple[int, object, str]]:
    if piece.data is not None:
        for value in json_objects.parse(piece.data):
            for one, server in exchange_objects.inside(value):
                yield piece.number, one, server


def _records(piece: Piece, losses: Losses) -> Iterator[Record]:
    if piece.data is None:
        losses.broken(piece.number, piece.reason)
        return
    try:
        objects = list(_objects(piece))
    except (ValueError, RecursionError) as error:
        losses.broken(piece.number, f"no readable JSON: {error}")
        return
    yield from exchange_objects.records(objects, losses)
