"""Objects as ConvertTo-Json writes them: a list, or a bare object if there was only one."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.facts import Fact
from exward.access.readers import objects
from exward.formats import json_objects, text_encoding
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "powershell-json"
TITLE = "Groups, roles and permissions as JSON (ConvertTo-Json)"

_TELLTALES = (b'"objectclass"', b'"roleassignee', b'"accessrights"', b'"members"')
_OTHERS = (b'"ObjectIdentifier"', b'"exward.inventory/', b'"exward.collection/')
"""Of SharpHound, and of the collector: what has a reader of its own is not guessed at."""


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first object is of a kind that is read; one cut by the head is guessed."""
    del path
    text = text_encoding.utf8_head(head).lstrip()
    if not text.startswith((b"{", b"[")) or any(one in text for one in _OTHERS):
        return False
    first = next(json_objects.by_brace([text]), None)
    if first is None or first.data is None:
        return any(one in text.lower() for one in _TELLTALES)
    try:
        return any(objects.is_known(one) for one in json_objects.parse(first.data))
    except ValueError:
        return False


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of all objects; positions count objects."""
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        yield from objects.facts(source.path, _values(json_objects.by_brace(blocks)))


def _values(pieces: Iterator[json_objects.Piece]) -> Iterator[tuple[int, object, str]]:
    for piece in pieces:
        if piece.data is None:
            yield piece.number, None, piece.reason
            continue
        try:
            for value in json_objects.parse(piece.data):
                yield piece.number, value, ""
        except ValueError as error:
            yield piece.number, None, f"no readable object: {error}"
