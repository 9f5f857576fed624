"""Outlook's .msg files (MS-OXMSG): an OLE document with the message's properties as streams."""

from __future__ import annotations

import io
from collections.abc import Iterator

import oxmsg
from oxmsg.attachment import Attachment

from exward.mail.mime.fields import parse_fields
from exward.mail.mime.message import Field, Message, Part
from exward.mail.stores.interface import MAX_MESSAGE_BYTES, Stored
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "outlook-msg"
TITLE = "Outlook messages (.msg)"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0".encode("utf-16-le")
# MS-OXPROPS: PidTagTransportMessageHeaders, PidTagSenderName, PidTagSenderSmtpAddress,
# PidTagSenderEmailAddress, PidTagInternetMessageId.
_HEADERS, _NAME, _SMTP, _EMAIL, _ID = 0x007D, 0x0C1A, 0x5D01, 0x0C1F, 0x1035


def recognises(path: str, head: bytes) -> bool:
    """By the name of a stream that only these have, or by the file's name."""
    return head.startswith(_OLE) and (_PROPERTIES in head or path.lower().endswith(".msg"))


def read(source: Source) -> Iterator[Stored | Skipped]:
    """Yield the file."""
    try:
        with source.open() as file:
            data = file.read(MAX_MESSAGE_BYTES + 1)
    except (OSError, EvidenceError) as error:
        yield Skipped(source.path, None, f"the message could not be read: {error}")
        return
    if len(data) > MAX_MESSAGE_BYTES:
        yield Skipped(source.path, None, f"a .msg file of more than {MAX_MESSAGE_BYTES:,} bytes")
    else:
        yield Stored(source.path, NAME, data)


def parse(path: str, data: bytes) -> Iterator[Message | Skipped]:
    """Yield the message; what the library raises for a damaged file is not one type."""
    try:
        message, lost = _message(oxmsg.Message.load(io.BytesIO(data)), len(data))
    except (OSError, ValueError, KeyError, IndexError, AssertionError, TypeError, AttributeError,
            RecursionError) as error:  # fmt: skip
        yield Skipped(path, None, f"is no readable .msg file: {error}")
        return
    if lost:
        reason = "an attached Outlook item or link could not be read; save it as a file of its own"
        yield Skipped(path, None, reason, lost)
    yield message


def _message(held: oxmsg.Message, size: int) -> tuple[Message, int]:
    properties = held.properties
    raw = (properties.str_prop_value(_HEADERS) or "").encode("utf-8", "surrogateescape")
    block = parse_fields(raw)
    fields = [one for one in block.fields if not one.name.startswith("content-")]
    present = {one.name for one in fields}
    address = properties.str_prop_value(_SMTP) or properties.str_prop_value(_EMAIL) or ""
    given = {
        "from": f"{properties.str_prop_value(_NAME) or ''} <{address}>",
        "subject": held.subject or "",
        "message-id": properties.str_prop_value(_ID) or "",
    }
    fields += [Field(name, value.encode("utf-8", "replace"))
               for name, value in given.items() if value and name not in present]  # fmt: skip
    parts = [_text("1", "text/plain", held.body), _text("2", "text/html", held.html_body)]
    attached = [_attachment(number, one) for number, one in enumerate(held.attachments, start=3)]
    found = tuple(part for part in (*parts, *attached) if part is not None)
    return Message(tuple(fields), found, (), size), attached.count(None)


def _text(path: str, kind: str, text: str | None) -> Part | None:
    if not text:
        return None
    return Part(path, (), (kind,), (), (text.encode("utf-8", "replace"),), ("utf-8",))


def _attachment(number: int, one: Attachment) -> Part | None:
    content = one.file_bytes
    if content is None:
        return None
    names = (one.file_name,) if one.file_name else ()
    kind = (one.mime_type or "application/octet-stream").lower()
    return Part(str(number), (), (kind,), names, (content,), is_attached=True)
