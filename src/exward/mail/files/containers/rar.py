"""RAR archives: their names and what is stored in them by `rarfile`, the rest by libarchive.

`rarfile` would start the program of the format's owner to unpack, which mail must not reach: only
what it reads itself is asked of it. What is left is unpacked in a process of its own.
"""

from __future__ import annotations

import io
import itertools
from collections import Counter

import msgspec
import rarfile

from exward.mail.files.aside import ARCHIVE, ASIDE
from exward.mail.files.containers.interface import Limits, Opened
from exward.mail.files.unpacking import asked, member

KINDS = frozenset({"rar"})


class _Enough(Exception):
    """There are more members than may be read."""


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`; unread where a member can be read by neither."""
    opened = Opened(is_encrypted=_has_locked_headers(data))

    blocks = itertools.count()

    def count(block: rarfile.RarInfo) -> None:
        if block.filename:
            opened.members.append(block.filename)
        if next(blocks) > limits.files:
            raise _Enough

    try:
        with rarfile.RarFile(io.BytesIO(data), info_callback=count) as archive:
            for info in archive.infolist():
                _read(archive, info, opened, limits)
    except (_Enough, rarfile.Error, OSError, ValueError, LookupError, TypeError):
        # A damaged file: what the library raises for it is not one type.
        opened.is_unread = True
    if opened.is_unread:
        _unpack(data, opened, limits)
    return opened


def _unpack(data: bytes, opened: Opened, limits: Limits) -> None:
    """Add what libarchive can read; is everything there then, nothing is unread."""
    known = set(opened.files)
    wanted = Counter(name for name in opened.members if not name.endswith("/"))
    request = asked(data, limits.files, Opened().room(limits))
    try:
        for answer in ASIDE.ask(ARCHIVE, request):
            name, content = member(answer)
            # Several members may have one name: whoever unpacks them has the last.
            if (name, content) not in known and content:
                opened.files.append((name, content))
            wanted[name] -= 1
    except (OSError, EOFError, msgspec.DecodeError):
        return
    opened.is_unread = bool(+wanted) or not opened.members


def _read(archive: rarfile.RarFile, info: rarfile.RarInfo, opened: Opened, limits: Limits) -> None:
    opened.is_encrypted |= info.needs_password()
    is_plain = info.compress_type == rarfile.RAR_M0 and not info.needs_password()
    if not info.is_file():
        return
    if not is_plain or info.file_redir is not None or info.volume:
        opened.is_unread = True
        return
    with archive.open(info) as file:
        opened.files.append((info.filename, file.read(opened.room(limits))))


def _has_locked_headers(data: bytes) -> bool:
    """Whether headers are encrypted: RAR 5 header type 4, RAR 4 main header flag 0x80."""
    if data[6:8] == b"\x01\x00":
        return len(data) > 14 and 4 in data[12:15]
    return len(data) > 11 and bool(data[10] & 0x80)
