"""RAR archives: their names, and what is stored in them without compression.

Unpacking needs the program of the format's owner, which mail must not reach: `rarfile` would start
one, so only what it reads itself is asked of it.
"""

from __future__ import annotations

import io
import itertools

import rarfile

from exward.mail.files.containers.interface import Limits, Opened

KINDS = frozenset({"rar"})


class _Enough(Exception):
    """There are more members than may be read."""


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`; unread as soon as one member is compressed."""
    opened = Opened(is_encrypted=_has_locked_headers(data))

    blocks = itertools.count()

    def count(block: rarfile.RarInfo) -> None:
        if block.filename:
            opened.members.append(block.filename)
        if next(blocks) > limits.files:
            raise _Enough

    try:
        with rarfile.RarFile(io.BytesIO(data), info_callback=count) as archive:
            for member in archive.infolist():
                _read(archive, member, opened, limits)
    except (_Enough, rarfile.Error, OSError, ValueError, LookupError, TypeError):
        # A damaged file: what the library raises for it is not one type.
        opened.is_unread = True
    return opened


def _read(
    archive: rarfile.RarFile, member: rarfile.RarInfo, opened: Opened, limits: Limits
) -> None:
    opened.is_encrypted |= member.needs_password()
    is_plain = member.compress_type == rarfile.RAR_M0 and not member.needs_password()
    if not member.is_file():
        return
    if not is_plain or member.file_redir is not None or member.volume:
        opened.is_unread = True
        return
    with archive.open(member) as file:
        opened.files.append((member.filename, file.read(opened.room(limits))))


def _has_locked_headers(data: bytes) -> bool:
    """Whether headers are encrypted: RAR 5 header type 4, RAR 4 main header flag 0x80."""
    if data[6:8] == b"\x01\x00":
        return len(data) > 14 and 4 in data[12:15]
    return len(data) > 11 and bool(data[10] & 0x80)
