"""Audit logs as `Search-AdminAuditLog | Export-Clixml` and the like write them.

Positions are the lines on which the objects begin. A document in which the first objects are no
audit entries is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from exward.formats import audit_records, clixml, record_batch, text_encoding
from exward.formats.clixml import Item
from exward.formats.record_batch import Counted, Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-audit-clixml"
TITLE = "Exchange audit log as PowerShell objects (CLIXML)"

_TELLTALES = (
    (b'N="CmdletName"', b'N="RunDate"'),
    (b'N="LogonType"', b'N="MailboxGuid"'),
)
_PROBED_OBJECTS = 3


def recognises(head: bytes) -> bool:
    """Say whether the first objects are audit entries; one cut by the head is guessed."""
    text = text_encoding.utf8_head(head)
    if b"<Objs" not in text[:1024] or not any(all(n in text for n in ns) for ns in _TELLTALES):
        return False
    whole = [one for one in islice(clixml.objects([text]), _PROBED_OBJECTS) if not one.reason]
    return not whole or any(audit_records.kind_of(one.value) is not None for one in whole)


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a search gives some thousand entries at most."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries in file order; see `interface.Format`."""
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
    else:
        yield from audit_records.records([(item.line, item.value)], losses)
