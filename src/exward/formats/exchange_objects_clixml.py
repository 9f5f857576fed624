"""Transport agents and virtual directories as `… | Export-Clixml` writes them.

Positions are the lines on which the objects begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from exward.formats import clixml, exchange_objects, record_batch, text_encoding
from exward.formats.clixml import Item
from exward.formats.record_batch import Counted, Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-objects-clixml"
TITLE = "Transport agents or virtual directories as PowerShell objects (CLIXML)"

_TELLTALES = (
    (b'N="TransportAgentFactory"', b'N="AssemblyPath"'),
    (b'N="InternalUrl"', b'N="ExternalUrl"', b'N="Server"'),
)
_PROBED_OBJECTS = 3


def recognises(head: bytes) -> bool:
    """Say whether the first objects are of these kinds; one cut by the head is guessed."""
    text = text_encoding.utf8_head(head)
    if b"<Objs" not in text[:1024] or not any(all(n in text for n in ns) for ns in _TELLTALES):
        return False
    whole = [one for one in islice(clixml.objects([text]), _PROBED_OBJECTS) if not one.reason]
    return not whole or any(exchange_objects.kind_of(one.value) is not None for one in whole)


def parts(source: Source, workers: int) -> int:
    """Read in one piece: there are few such objects."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the objects in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "objects cannot be read")
    counted = Counted()
    with source.open() as stream:
        blocks = counted.blocks(text_encoding.utf8_blocks(stream, source.head))
        steps = ((_records(item, losses), counted.taken()) for item in clixml.objects(blocks))
        yield from record_batch.batches(source.path, steps, losses)


def _records(item: Item, losses: Losses) -> Iterator[Record]:
    if item.reason:
        losses.broken(item.line, item.reason)
        return
    values = item.value if isinstance(item.value, list) else [item.value]
    yield from exchange_objects.records([(item.line, one, "") for one in values], losses)
