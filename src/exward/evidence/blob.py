"""Where the bytes of an evidence file lie: a region of a disk file, and the steps that decode it.

Plain values only, so that another process can open the same file without walking to it again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

from exward.evidence.decode import Codec, decode
from exward.evidence.decrypt import decrypt_aes, decrypt_zipcrypto
from exward.evidence.streams import ChunkStream, RegionReader, capped, open_regular, region_chunks
from exward.evidence.streams import verified as verify_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Decode:
    """Decompress."""

    codec: Codec


@dataclass(frozen=True, slots=True)
class DecryptZipCrypto:
    """Undo PKWARE's cipher."""

    check_byte: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecryptAes:
    """Undo WinZip's AES over `packed_bytes`, salt and authentication code included."""

    strength: int
    packed_bytes: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verify:
    """Compare size and CRC-32 with what the archive promises (None: it does not say)."""

    size_bytes: int | None
    crc: int | None


@dataclass(frozen=True, slots=True)
class Cap:
    """Refuse more than this many bytes."""

    limit_bytes: int


Step = Decode | DecryptZipCrypto | DecryptAes | Verify | Cap


@dataclass(frozen=True, slots=True)
class Blob:
    """A region of a disk file and the steps from its bytes to those of the evidence file.

    With no steps the bytes are those on disk and can be sought in.
    """

    disk_path: str
    offset: int
    length: int
    steps: tuple[Step, ...] = ()

    def then(self, *steps: Step) -> Blob:
        """Return the same region with more steps."""
        return Blob(self.disk_path, self.offset, self.length, (*self.steps, *steps))

    def chunks(self, file: io.FileIO) -> Iterator[bytes]:
        """Yield the decoded bytes, read from an open file of `disk_path`."""
        chunks = region_chunks(file, self.offset, self.length)
        for step in self.steps:
            chunks = _apply(step, chunks)
        return chunks

    def open(self, path: str) -> BinaryIO:
        """Open a fresh stream; `path` is the name used in errors. Raises OSError."""
        file = open_regular(self.disk_path)
        if self.steps:
            return cast("BinaryIO", ChunkStream(self.chunks(file), file, path))
        return io.BufferedReader(RegionReader(file, self.offset, self.length))


def _apply(step: Step, chunks: Iterator[bytes]) -> Iterator[bytes]:
    match step:
        case Decode(codec):
            return decode(chunks, codec)
        case DecryptZipCrypto(check_byte, password):
            return decrypt_zipcrypto(chunks, password, check_byte)
        case DecryptAes(strength, packed_bytes, password):
            return decrypt_aes(chunks, strength, password, packed_bytes)
        case Verify(size_bytes, crc):
            return verify_chunks(chunks, size_bytes, crc)
        case Cap(limit_bytes):
            return capped(chunks, limit_bytes)
