"""Windows events exported as XML: Event Viewer's "Save as XML", `wevtutil qe /f:xml`.

`<Events>` may be around the events or not; they stand one to a line or glued together. The
rendered text (`RenderingInfo`) depends on the language of the exporting system and is left out.
Positions are EventRecordIDs, else the byte at which the event begins.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from exward.formats import (
    line_ranges,
    record_batch,
    text_encoding,
    windows_record,
    xml_pieces,
    xml_tree,
)
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.formats.xml_pieces import Piece
from exward.formats.xml_tree import Element
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "windows-xml"
TITLE = "Windows events as XML"

SPLIT_BYTES = 8 * 1024 * 1024
"""Files up to this size are read in one piece."""
NAMESPACE = b"http://schemas.microsoft.com/win/2004/08/events/event"
_NUMBERS = frozenset({"EventID", "Version", "Level", "Task", "Opcode", "EventRecordID"})
_MAX_DIGITS = 18


def recognises(head: bytes) -> bool:
    """Say whether the file begins with an event, or with `<Events>` and one."""
    text = text_encoding.utf8_head(head).lstrip()
    return text.startswith((b"<Event", b"<?xml")) and (
        NAMESPACE in text or (b"<Event" in text and b"<System>" in text and b"<EventID" in text)
    )


def parts(source: Source, workers: int) -> int:
    """Large files are cut into one range of bytes for each worker."""
    big = source.size_bytes is not None and source.size_bytes > SPLIT_BYTES
    if not big or not source.seekable or text_encoding.encoding_of(source.head) != "utf-8":
        return 1
    return max(workers, 1)


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the events of one share in file order; see `interface.Format`."""
    losses = Losses(source.path, "events are no readable XML")
    with source.open() as stream:
        steps = (
            (_events(piece, losses), len(piece.data or b""))
            for piece in _pieces(source, stream, part)
        )
        yield from record_batch.batches(source.path, steps, losses)


def event_of(element: Element) -> dict[str, object]:
    """Bring an `Event` element into the shape that `windows_fields.flatten` takes."""
    event: dict[str, object] = {}
    for section in element.children:
        if section.name == "System":
            event["System"] = {one.name: _system_value(one) for one in section.children}
        elif section.name == "EventData":
            event["EventData"] = _event_data(section)
        elif section.name != "RenderingInfo":
            event[section.name] = _value(section)
    return event


def _pieces(source: Source, stream: BinaryIO, part: Part) -> Iterator[Piece]:
    if part.count == 1 or source.size_bytes is None:
        blocks: Iterable[bytes] = text_encoding.utf8_blocks(stream, source.head)
        return xml_pieces.elements(blocks, "Event")
    start, end = line_ranges.share(source.size_bytes, part.index, part.count)
    stream.seek(start, io.SEEK_SET)
    blocks = iter(lambda: stream.read(text_encoding.BLOCK_BYTES), b"")
    return xml_pieces.elements(blocks, "Event", start, end)


def _events(piece: Piece, losses: Losses) -> Iterator[Record]:
    if piece.data is None:
        losses.broken(piece.offset, piece.reason)
        return
    try:
        yield windows_record.record(event_of(xml_tree.parse(piece.data)), piece.offset)
    except (ValueError, TypeError, RecursionError) as error:
        losses.broken(piece.offset, f"no readable event: {error}")


def _system_value(element: Element) -> object:
    text: object = element.text.strip()
    if element.name in _NUMBERS and element.text.isascii() and element.text.isdecimal():
        text = int(element.text[:_MAX_DIGITS])
    if not element.attributes:
        return text if text != "" else None
    attributes = {"#attributes": dict(element.attributes)}
    return attributes | ({"#text": text} if text != "" else {})


def _event_data(section: Element) -> dict[str, object]:
    """Named values under their names; those without one as `Data` in order."""
    data: dict[str, object] = {}
    unnamed: list[str] = []
    for one in section.children:
        name = one.attributes.get("Name", "") if one.name == "Data" else one.name
        value = _value(one) if one.children else one.text
        if not name:
            unnamed.append(one.text if one.text.strip() else "")
        elif name in data:
            present = data[name]
            data[name] = [*present, value] if isinstance(present, list) else [present, value]
        else:
            data[name] = value
    if unnamed:
        data["Data"] = unnamed
    return data


def _value(element: Element) -> object:
    """An element with others inside as a map; of several with one name a list."""
    inner: dict[str, object] = {}
    for child in element.children:
        value = _value(child)
        if child.name not in inner:
            inner[child.name] = value
            continue
        present = inner[child.name]
        inner[child.name] = [*present, value] if isinstance(present, list) else [present, value]
    text = element.text if not element.children else element.text.strip()
    if not inner and not element.attributes:
        return text
    if element.attributes:
        inner["#attributes"] = dict(element.attributes)
    if text:
        inner["#text"] = text
    return inner
