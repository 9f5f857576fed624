"""A snapshot that `exward access --save` wrote: one fact a line, to compare with later.

The first line says the version; each other line is `[kind, fact]`. The places of the facts stay
those of the evidence that they came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from exward.access.facts import (
    Entry,
    Fact,
    MailboxRight,
    Membership,
    Party,
    Right,
    Role,
    Runs,
    Token,
)
from exward.formats.json_objects import numbered_lines
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "saved-access"
TITLE = "Snapshot of exward access"

_MARK = b'{"exward-access":1}'
_TYPES = (Party, Membership, Right, Entry, Role, MailboxRight, Token, Runs)
_KINDS: dict[str, type[Fact]] = {one.__name__: one for one in _TYPES}
_BLOCK_BYTES = 1 << 20


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first line is that of a snapshot."""
    del path
    return head.startswith(_MARK)


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts in the order in which they were saved."""
    with source.open() as stream:
        blocks = iter(lambda: stream.read(_BLOCK_BYTES), b"")
        for number, line in numbered_lines(blocks):
            if number == 1 or line == b"":
                continue
            try:
                kind, content = msgspec.json.decode(line or b"", type=tuple[str, msgspec.Raw])
                yield msgspec.json.decode(content, type=_KINDS[kind])
            except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError):
                yield Skipped(source.path, number, "not a fact of a snapshot", 1)


def lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Yield the snapshot as text, each line with its end."""
    yield _MARK.decode() + "\n"
    for fact in facts:
        yield msgspec.json.encode((type(fact).__name__, fact)).decode() + "\n"
