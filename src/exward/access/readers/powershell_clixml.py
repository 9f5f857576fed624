"""Objects as Export-Clixml writes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from exward.access.facts import Fact
from exward.access.readers import objects
from exward.formats import clixml, text_encoding
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "powershell-clixml"
TITLE = "Groups, roles and permissions as PowerShell objects (CLIXML)"

_TELLTALES = (b'N="objectClass"', b'N="RoleAssignee', b'N="AccessRights"', b'N="Members"')
_PROBED_OBJECTS = 3


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first objects are of a kind that is read; one cut by the head is guessed."""
    del path
    text = text_encoding.utf8_head(head)
    if b"<Objs" not in text[:1024]:
        return False
    whole = [one for one in islice(clixml.objects([text]), _PROBED_OBJECTS) if not one.reason]
    if not whole:
        return any(one in text for one in _TELLTALES)
    return any(objects.is_known(one.value) for one in whole)


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of all objects; positions are the lines on which they begin."""
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        items = clixml.objects(blocks)
        yield from objects.facts(source.path, ((one.line, one.value, one.reason) for one in items))
