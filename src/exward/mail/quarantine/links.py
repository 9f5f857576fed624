"""Links in digests: each asks for one message to be released to one recipient, once.

A token is 56 bytes and a signature over them (HMAC-SHA256): the message's id, when it was taken,
who may ask (a digest of the address), when the link ends, and a number used once.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha256

from exward.mail.quarantine.keys import is_signed, sign
from exward.mail.quarantine.passes import recipient_key

_LAYOUT = struct.Struct("!16sQ16sQ8s")
_PURPOSE = "link"
_SIGNATURE_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{118}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says; times are µs since 1970-01-01 UTC."""

    message_id: str
    held_at: int
    recipient: str
    """As `recipient_key` gives it."""
    expires: int


def make_token(key: bytes, message_id: str, held_at: int, recipient: str, expires: int) -> str:
    """A token for a recipient's address; no two are the same."""
    data = _LAYOUT.pack(
        bytes.fromhex(message_id),
        held_at,
        bytes.fromhex(recipient_key(recipient)),
        expires,
        secrets.token_bytes(8),
    )
    return base64.urlsafe_b64encode(data + sign(key, _PURPOSE, data)).rstrip(b"=").decode()


def read_token(key: bytes, token: str) -> Link | None:
    """What a token says, if it is ours: also one that has ended."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        whole = base64.urlsafe_b64decode(token + "==")
    except binascii.Error:
        return None
    data, signature = whole[:-_SIGNATURE_BYTES], whole[-_SIGNATURE_BYTES:]
    if len(data) != _LAYOUT.size or not is_signed(key, _PURPOSE, data, signature):
        return None
    message_id, held_at, recipient, expires, _ = _LAYOUT.unpack(data)
    return Link(message_id.hex(), held_at, recipient.hex(), expires)


def token_digest(token: str) -> str:
    """Stands for a token where it is written down: nobody can ask with it.

    Of its bytes, not of its text, whose last character has bits that say nothing.
    """
    return sha256(base64.urlsafe_b64decode(token + "==")).hexdigest()[:32]
