"""A file with one message as it goes over the wire: .eml, and every file of a Maildir."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.mime import parser
from exward.mail.mime.message import Message
from exward.mail.stores.interface import MAX_MESSAGE_BYTES, Stored
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "rfc822"
TITLE = "Message files (.eml, Maildir)"
_KNOWN = re.compile(
    rb"^(?:received|return-path|from|to|subject|date|message-id|mime-version|content-type|reply-to|"
    rb"delivered-to|dkim-signature|authentication-results|x-[a-z-]{2,60}|arc-[a-z-]{2,40}|sender|cc|"
    rb"list-[a-z-]{2,40}|user-agent|importance|references|in-reply-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]{1,300}\n)?[!-9;-~]{1,76}[ \t]*:")
_NAMED = re.compile(r"\.(?:eml|mht|mhtml|nws)$|/(?:cur|new)/[^/]+$", re.IGNORECASE)
MIN_KNOWN = 2
HEAD = 16_384


def recognises(path: str, head: bytes) -> bool:
    """By its headers, or by its name if the headers are none."""
    if _NAMED.search(path) and b"\0\0\0\0" not in head[:64]:
        return True
    block = re.split(rb"\r?\n\r?\n", head[:HEAD], maxsplit=1)[0]
    known = {match[0].lower() for match in _KNOWN.finditer(block)}
    return _FIRST.match(head) is not None and len(known) >= MIN_KNOWN


def read(source: Source) -> Iterator[Stored | Skipped]:
    """Yield the message."""
    data = b""
    try:
        with source.open() as file:
            data = file.read(MAX_MESSAGE_BYTES)
            if file.read(1):
                reason = f"only the first {MAX_MESSAGE_BYTES:,} bytes of the message were read"
                yield Skipped(source.path, MAX_MESSAGE_BYTES, reason)
    except (OSError, EvidenceError) as error:
        yield Skipped(source.path, None, f"the message could not be read: {error}")
    if data:
        yield Stored(source.path, NAME, data)


def parse(path: str, data: bytes) -> Iterator[Message | Skipped]:
    """Yield the message."""
    del path
    yield parser.parse(data)
