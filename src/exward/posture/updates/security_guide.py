"""A month of Microsoft's Security Update Guide (CVRF), as JSON."""

from __future__ import annotations

import msgspec

from exward.model.errors import ContentError
from exward.posture.updates.guide import Document, added
from exward.posture.updates.interface import Changed, Trust

TITLE = "Microsoft's Security Update Guide (CVRF) as JSON"


def recognises(data: bytes) -> bool:
    """Say whether it is JSON with a document's tracking."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"DocumentTracking"' in data


def apply(data: bytes, tables: dict[str, bytes], trust: Trust, where: str) -> Changed:
    """Add what is new; what the tables have already stays as it is."""
    del trust
    try:
        document = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ContentError(f"no month of the guide: {error}", "fetch it again", where) from error
    return added(document, tables, where)
