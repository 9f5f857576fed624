"""Messages on disk: one file each, complete or not there at all.

    FOLDER/held/ID.eml      what waits for a decision
    FOLDER/released/ID.eml  what was released, until it expires
    FOLDER/learned/ID.eml   what a release taught, as it came
    FOLDER/incoming/        what is being written

The first header of a file is ours and says with what envelope the message came. So one rename
makes message and envelope appear together, and the index can be made again from the files.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec

from exward.model.quarantine import Holding

HELD, RELEASED, LEARNED, INCOMING = "held", "released", "learned", "incoming"
PLACES = (HELD, RELEASED, LEARNED, INCOMING)
BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows changes line ends in files that are opened without it."""
MAX_HEAD_BYTES = 16 * 1024 * 1024
_HEAD = b"X-Exward-Held:\r\n"
_LAST = b" }\r\n"
"""The line that closes the head: what stands deeper is indented deeper."""
_ID = re.compile(r"[0-9a-f]{32}")


class DamagedFileError(Exception):
    """A file of the quarantine is not what was written."""


def identity(mail_from: str, recipients: tuple[str, ...], raw: bytes) -> str:
    """The id of a message: a sender that tries again gets the same one."""
    digest = sha256()
    for part in (mail_from, *sorted(recipients)):
        coded = part.encode("utf-8", "replace")
        digest.update(len(coded).to_bytes(4) + coded)
    digest.update(b"\xff\xff\xff\xff" + raw)
    return digest.hexdigest()[:32]


def is_id(text: str) -> bool:
    """Whether a text is an id and so a safe file name."""
    return _ID.fullmatch(text) is not None


def make_folder(folder: Path) -> None:
    """Make what is missing, for its owner only; raises OSError."""
    for path in (folder, *(folder / place for place in PLACES)):
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(path.parent)


def path_of(folder: Path, place: str, message_id: str) -> Path:
    """The file of a message; raises ValueError for what is no id."""
    if not is_id(message_id):
        raise ValueError("not the id of a message")
    return folder / place / f"{message_id}.eml"


def write_message(folder: Path, holding: Holding, raw: bytes) -> None:
    """Put a message into `held`; when this returns it survives a power cut. Raises OSError."""
    write_durably(folder, path_of(folder, HELD, holding.id), head_of(holding) + raw)


def write_durably(folder: Path, target: Path, data: bytes, beside: Path | None = None) -> None:
    """Write beside, force to the disk, rename, force the name to the disk; raises OSError.

    `beside` is where to write at first, on the same disk: `incoming` unless it is given.
    """
    part = (beside or folder / INCOMING) / f"{target.stem}.{secrets.token_hex(8)}"
    try:
        with new_file(part) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def new_file(path: Path) -> BinaryIO:
    """A file that was not there, for its owner only; raises OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600), "wb")


def sync_folder(path: Path) -> None:
    """Force the names in a folder to the disk; Windows does so by itself and has no way to ask."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def head_of(holding: Holding) -> bytes:
    """The header that stands before the message: ASCII, whatever is in it."""
    text = json.dumps(asdict(holding), indent=1, ensure_ascii=True)
    return _HEAD + b"".join(b" " + line.encode() + b"\r\n" for line in text.split("\n"))


def read_message(path: Path) -> tuple[Holding, bytes]:
    """A message and its envelope; raises OSError or DamagedFileError."""
    data = path.read_bytes()
    end = data.find(b"\r\n" + _LAST, 0, MAX_HEAD_BYTES)
    if end < 0:
        raise DamagedFileError("has no head")
    return _read_head(path, data[: end + 2 + len(_LAST)]), data[end + 2 + len(_LAST) :]


def read_envelope(path: Path) -> Holding:
    """The head of a file alone; raises OSError or DamagedFileError."""
    with path.open("rb") as file:
        head = bytearray()
        for line in file:
            head += line
            if line == _LAST or len(head) > MAX_HEAD_BYTES:
                break
    return _read_head(path, bytes(head))


def _read_head(path: Path, head: bytes) -> Holding:
    if not head.startswith(_HEAD) or not head.endswith(_LAST):
        raise DamagedFileError("has no head")
    try:
        holding = msgspec.json.decode(head[len(_HEAD) :], type=Holding)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedFileError(f"has a head that is not valid: {error}") from error
    if holding.id != path.stem or not is_id(holding.id):
        raise DamagedFileError("has the head of another message")
    return holding


def is_whole(holding: Holding, raw: bytes) -> bool:
    """Whether a message is still the one that was taken."""
    return identity(holding.mail_from, holding.recipients, raw) == holding.id


def ids_in(folder: Path, place: str) -> Iterator[str]:
    """The ids of all files in a place; raises OSError."""
    with os.scandir(folder / place) as entries:
        for entry in entries:
            name = entry.name.removesuffix(".eml")
            if entry.name.endswith(".eml") and is_id(name):
                yield name


def move(folder: Path, message_id: str, source: str, target: str) -> None:
    """Move a message between places, if it is there; raises OSError."""
    try:
        path_of(folder, source, message_id).replace(path_of(folder, target, message_id))
    except FileNotFoundError:
        return
    sync_folder(folder / target)
    sync_folder(folder / source)


def remove(folder: Path, message_id: str) -> None:
    """Remove a message from where it waits or waited; raises OSError."""
    for place in (HELD, RELEASED):
        path_of(folder, place, message_id).unlink(missing_ok=True)
        sync_folder(folder / place)
