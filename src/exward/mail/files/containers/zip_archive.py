"""Zip archives, also those whose table of contents leaves members out, and locked ones.

Two archives one behind the other are an old way past scanners: some programs unpack the first, some
the last. All members are read here.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from exward.evidence.decode import Codec, decode
from exward.evidence.decrypt import (
    ZIPCRYPTO_HEADER_BYTES,
    aes_fits,
    aes_header_bytes,
    decrypt_aes,
    decrypt_zipcrypto,
    zipcrypto_fits,
)
from exward.evidence.zip_directory import (
    FLAG_DESCRIPTOR,
    FLAG_ENCRYPTED,
    ZipEntry,
    data_start,
    find_directory,
    iter_directory,
)
from exward.evidence.zip_recovery import recover_entries
from exward.mail.files.containers.interface import Limits, Opened, take
from exward.model.errors import EvidenceError

KINDS = frozenset({"zip"})
MAX_TRIES = 100
"""Passwords times members: each costs a thousand rounds of SHA-1."""
MAX_OLD_CIPHER_BYTES = 4 * 1024 * 1024
"""The old cipher runs at 2 MB/s here."""
CHUNK_BYTES = 64 * 1024
# PKWARE APPNOTE 4.4.5.
_CODECS = {8: Codec.DEFLATE, 9: Codec.DEFLATE64, 12: Codec.BZIP2, 14: Codec.ZIP_LZMA,
           93: Codec.ZSTD, 95: Codec.XZ}  # fmt: skip
_STORED = 0


@dataclass(slots=True)
class _Keys:
    """Passwords to try, the one that fitted last first."""

    passwords: list[str]
    tries: int = MAX_TRIES

    def __iter__(self) -> Iterator[str]:
        for password in tuple(self.passwords):
            if self.tries <= 0:
                return
            self.tries -= 1
            yield password

    def fits(self, password: str) -> None:
        self.passwords.remove(password)
        self.passwords.insert(0, password)


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`."""
    return read_zip(data, limits, lambda name: True)


def read_zip(data: bytes, limits: Limits, wanted: Callable[[str], bool]) -> Opened:
    """Read the members whose names are wanted; all are listed."""
    opened = Opened()
    keys = _Keys(list(limits.passwords))
    try:
        for entry in islice(_entries(data, opened), limits.files):
            opened.members.append(entry.name)
            if not entry.is_folder and wanted(entry.name):
                _read_member(entry, data, opened, (limits, keys))
    except (EvidenceError, OSError):
        opened.is_unread = True
    return opened


def _entries(data: bytes, opened: Opened) -> Iterator[ZipEntry]:
    """Members of the table of contents, then those that it does not know of."""
    table, file = io.BytesIO(data), io.BytesIO(data)
    directory = find_directory(table, len(data))
    end = 0
    try:
        if directory is not None:
            for entry in iter_directory(table, directory):
                end = max(end, entry.offset + entry.packed_bytes)
                yield entry
            yield from recover_entries(file, 0, directory.shift)
            return
    except EvidenceError:
        opened.is_unread = True
    yield from recover_entries(file, end, len(data))


def _read_member(entry: ZipEntry, data: bytes, opened: Opened, given: tuple[Limits, _Keys]) -> None:
    limits, keys = given
    begin = data_start(io.BytesIO(data), entry)
    if begin is None or (entry.method != _STORED and entry.method not in _CODECS):
        opened.is_unread = True
        return
    packed = data[begin : begin + entry.packed_bytes]
    if not entry.flags & FLAG_ENCRYPTED:
        opened.files.append((entry.name, _plain(iter([packed]), entry, opened.room(limits))))
        return
    opened.is_encrypted = True
    for password in keys:
        content = _unlocked(packed, entry, password, opened.room(limits))
        if content is not None:
            keys.fits(password)
            opened.password = password
            opened.files.append((entry.name, content))
            return


def _plain(chunks: Iterator[bytes], entry: ZipEntry, limit: int) -> bytes:
    codec = _CODECS.get(entry.method)
    return take(chunks if codec is None else decode(chunks, codec), limit)


def _unlocked(packed: bytes, entry: ZipEntry, password: str, limit: int) -> bytes | None:
    """The content of a locked member; None if the password does not fit."""
    if entry.aes_strength:
        header = packed[: aes_header_bytes(entry.aes_strength)]
        if not aes_fits(header, entry.aes_strength, password):
            return None
        plain = decrypt_aes(_cut(packed), entry.aes_strength, password, len(packed))
        return _plain(plain, entry, limit)
    # APPNOTE 6.1.6; where the CRC follows the data, the time stands in for it.
    by_time = entry.flags & FLAG_DESCRIPTOR or entry.crc is None
    check_byte = entry.mod_time >> 8 if by_time else (entry.crc or 0) >> 24
    if not zipcrypto_fits(packed[:ZIPCRYPTO_HEADER_BYTES], password, check_byte):
        return None
    whole = len(packed) <= MAX_OLD_CIPHER_BYTES
    cut = _cut(packed[:MAX_OLD_CIPHER_BYTES])
    content = _plain(decrypt_zipcrypto(cut, password, check_byte), entry, limit)
    # One wrong password of 256 fits the check byte.
    is_right = entry.crc is None or zlib.crc32(content) == entry.crc
    return content if is_right or not whole or len(content) == limit else None


def _cut(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), CHUNK_BYTES):
        yield data[at : at + CHUNK_BYTES]
