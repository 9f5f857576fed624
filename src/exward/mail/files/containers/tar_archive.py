"""Tar archives."""

from __future__ import annotations

import io
import tarfile

from exward.mail.files.containers.interface import Limits, Opened

KINDS = frozenset({"tar"})


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`; links and devices are listed only."""
    opened = Opened()
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                if len(opened.members) >= limits.files:
                    break
                opened.members.append(member.name)
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None:
                    opened.files.append((member.name, file.read(opened.room(limits))))
    except (OSError, EOFError, ValueError, OverflowError, tarfile.TarError):
        opened.is_unread = True
    return opened
