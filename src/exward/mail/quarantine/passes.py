"""The header that lets a released message or a digest of ours pass the filter, once.

A plain header could be written by anybody, and a listener without filter could be used by anything
on the machine. This one is signed with the quarantine's key and bound to what it accompanies: the
message's body, its recipients, an attempt that the trail knows, and a time at which it ends.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from exward.mail.quarantine.keys import is_signed, sign

HEADER = "X-Exward-Pass"
RELEASE, DIGEST = "release", "digest"
_PURPOSE = "pass"
_FOUND = re.compile(
    rb"^X-Exward-Pass:[ \t]*([\w-]{20,4000})\.([\w-]{43})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


class _Signed(msgspec.Struct, array_like=True):
    """What is signed besides the body."""

    kind: str
    subject: str
    attempt: str
    expires: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Pass:
    """What a header lets pass: a message by its id, or a digest by who gets it.

    `expires` is in µs since 1970-01-01 UTC.
    """

    kind: str
    subject: str
    attempt: str
    expires: int


def pass_header(key: bytes, given: Pass, raw: bytes) -> bytes:
    """The header, with its line end, that goes before a message."""
    signed = _Signed(given.kind, given.subject, given.attempt, given.expires, _body_digest(raw))
    data = msgspec.json.encode(signed)
    return b"%s: %s.%s\r\n" % (HEADER.encode(), _coded(data), _coded(sign(key, _PURPOSE, data)))


def read_pass(key: bytes, raw: bytes, now: int) -> Pass | None:
    """The pass that a message has, if it is ours, for this body, and has not ended."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    found = _FOUND.findall(head)
    if len(found) != 1:
        return None
    try:
        data, signature = (base64.urlsafe_b64decode(one + b"=" * (-len(one) % 4))
                           for one in found[0])  # fmt: skip
        if not is_signed(key, _PURPOSE, data, signature):
            return None
        signed = msgspec.json.decode(data, type=_Signed)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        return None
    if signed.expires < now or signed.body != _body_digest(raw):
        return None
    return Pass(signed.kind, signed.subject, signed.attempt, signed.expires)


def recipient_key(recipient: str) -> str:
    """Stands for a recipient in what is signed."""
    return sha256(recipient.casefold().encode("utf-8", "replace")).hexdigest()[:32]


def _body_digest(raw: bytes) -> bytes:
    """Mail servers change headers, and line ends at the end; the rest of a body stays."""
    _, _, body = raw.partition(b"\r\n\r\n")
    return sha256(body.rstrip(b"\r\n")).digest()


def _coded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
