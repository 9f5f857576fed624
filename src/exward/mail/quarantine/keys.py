"""The quarantine's own secret: what it signs, only it can have signed."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from exward.mail.quarantine.files import INCOMING, new_file, sync_folder
from exward.model.errors import ContentError

FILE = "key"
KEY_BYTES = 32


def load_key(folder: Path) -> bytes:
    """The key, made at first use for its owner only; raises OSError, ContentError if damaged."""
    path = folder / FILE
    if not path.exists():
        _make(folder, path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ContentError("is no key", "remove it: a new one is made, old links end", str(path))
    return key


def sign(key: bytes, purpose: str, data: bytes) -> bytes:
    """A signature (HMAC-SHA256) that holds for one purpose."""
    return hmac.digest(key, purpose.encode() + b"\0" + data, sha256)


def is_signed(key: bytes, purpose: str, data: bytes, signature: bytes) -> bool:
    """Whether a signature is ours, in a time that tells nothing of it."""
    return hmac.compare_digest(sign(key, purpose, data), signature)


def _make(folder: Path, path: Path) -> None:
    part = folder / INCOMING / f"key.{secrets.token_hex(8)}"
    with new_file(part) as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(part, path)  # another process may have made one: that one holds
    finally:
        part.unlink()
    sync_folder(folder)
