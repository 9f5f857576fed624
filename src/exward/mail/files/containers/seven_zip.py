"""7z archives; those of methods that `exward.evidence` does not trust are listed only."""

from __future__ import annotations

import io
import zlib

from py7zr.exceptions import PasswordRequired

from exward.evidence.seven_zip import unpack_block
from exward.evidence.seven_zip_headers import (
    HeaderLimits,
    SevenZipContents,
    SevenZipMember,
    read_contents,
)
from exward.mail.files.containers.interface import Limits, Opened, take
from exward.model.errors import EvidenceError

KINDS = frozenset({"7z"})
MAX_PASSWORDS = 6
LIMITS = HeaderLimits(max_bytes=1024 * 1024, max_key_rounds=1 << 21)
"""A worker has 250 MB and judges others meanwhile."""


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`."""
    opened = Opened()
    for password in (None, *limits.passwords[:MAX_PASSWORDS]):
        try:
            contents = read_contents(io.BytesIO(data), len(data), password, LIMITS)
        except PasswordRequired:
            opened.is_encrypted = True
            continue
        except (EvidenceError, OSError):
            if password is None:
                opened.is_unread = opened.is_encrypted = True
                return opened
            continue
        locked = any(block.encrypted for block in contents.blocks)
        opened.is_encrypted |= locked
        opened.members = _names(contents, limits)
        if not locked or password is not None:
            _read(contents, data, opened, limits)
            if opened.files:
                opened.password = password or ""
                break
    return opened


def _names(contents: SevenZipContents, limits: Limits) -> list[str]:
    names = [*contents.empty, *(one.name for block in contents.blocks for one in block.members)]
    return names[: max(0, limits.files)]


def _read(contents: SevenZipContents, data: bytes, opened: Opened, limits: Limits) -> None:
    for block in contents.blocks:
        region = io.BytesIO(data[block.offset : block.offset + block.packed_bytes])
        left = limits.total_bytes - sum(len(content) for _, content in opened.files)
        try:
            whole = take(unpack_block(block, region), max(0, left))
        except PasswordRequired:
            opened.is_unread = True
            continue
        at = 0
        for member in block.members:
            content = whole[at : at + min(member.size_bytes, opened.room(limits))]
            at += member.size_bytes
            is_right = _is_right(member, content)
            opened.is_unread |= not is_right and not block.encrypted
            if content and (is_right or not block.encrypted) and not member.is_link:
                opened.files.append((member.name, content))


def _is_right(member: SevenZipMember, content: bytes) -> bool:
    """Whether a member is whole; with a wrong password none is."""
    return member.crc is None or zlib.crc32(content) == member.crc
