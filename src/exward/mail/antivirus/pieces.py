"""What an antivirus program does not see by itself: content behind another reading of a message."""

from __future__ import annotations

from exward.mail.mime.message import Message
from exward.mail.mime.parser import parse

MAX_PIECES = 20
MAX_TOTAL_BYTES = 64 * 1024 * 1024


def hidden_pieces(raw: bytes) -> tuple[bytes, ...]:
    """The contents of a message that programs read differently; none of any other."""
    message = parse(raw)
    return pieces_of(message) if message.ambiguities else ()


def pieces_of(message: Message) -> tuple[bytes, ...]:
    """Every reading of every part's content, each once, within bounds; hidden parts first."""
    ordered = sorted(message.parts, key=lambda part: not part.hidden)
    found = dict.fromkeys(content for part in ordered for content in part.contents if content)
    pieces: list[bytes] = []
    left = MAX_TOTAL_BYTES
    for content in found:
        left -= len(content)
        if left < 0 or len(pieces) >= MAX_PIECES:
            break
        pieces.append(content)
    return tuple(pieces)
