"""Audit logs that Exchange mails as XML: `New-AdminAuditLogSearch`, `New-MailboxAuditLogSearch`.

`<SearchResults>` around `<Event>` elements whose attributes are the entry (Microsoft Learn: "Export
and search for audit logs in Exchange Server"). Positions number the events from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exward.formats import audit_records, record_batch, text_encoding, xml_pieces, xml_tree
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.formats.xml_pieces import Piece
from exward.formats.xml_tree import Element
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-audit-xml"
TITLE = "Exchange audit log as XML"

_ROOT = re.compile(rb"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?<SearchResults[\s/>]")


def recognises(head: bytes) -> bool:
    """Say whether the root is `SearchResults`."""
    return _ROOT.match(text_encoding.utf8_head(head)) is not None


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a mailed export has 10 MB at most."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the entries in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "events are no readable XML")
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        steps = (
            (_records(piece, losses), len(piece.data or b""))
            for piece in xml_pieces.elements(blocks, "Event")
        )
        yield from record_batch.batches(source.path, steps, losses)


def _records(piece: Piece, losses: Losses) -> Iterator[Record]:
    if piece.data is None:
        losses.broken(piece.number, piece.reason)
        return
    try:
        entry = _entry(xml_tree.parse(piece.data))
    except (ValueError, RecursionError) as error:
        losses.broken(piece.number, f"no readable event: {error}")
        return
    yield from audit_records.records([(piece.number, entry)], losses)


def _entry(event: Element) -> Mapping[str, object]:
    """Attributes of the event; elements inside as lists of their attributes."""
    entry: dict[str, object] = dict(event.attributes)
    for section in event.children:
        inner = [_inner(one) for one in section.children]
        entry.setdefault(section.name, inner or section.text)
    return entry


def _inner(element: Element) -> object:
    if not element.attributes and not element.children:
        return element.text
    inner: dict[str, object] = dict(element.attributes)
    for child in element.children:
        inner.setdefault(child.name, _inner(child))
    if element.text.strip():
        inner.setdefault("Text", element.text)
    return inner
