"""Streams over hostile bytes: a window of a file, and decoded chunks as a file."""

from __future__ import annotations

import io
import os
import stat
import zlib
from typing import TYPE_CHECKING, BinaryIO

from exward.evidence.decode import CHUNK_BYTES
from exward.model.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Never wait for a pipe's writer, never follow a link that took the file's place.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
# Windows: longer paths need the prefix that turns the old length limit off.
_WINDOWS_MAX_PATH = 240


def system_path(path: str) -> str:
    """Return the path in the form in which the system opens it whatever its length."""
    if os.name != "nt" or len(path) < _WINDOWS_MAX_PATH or path.startswith("\\\\"):
        return path
    return "\\\\?\\" + os.path.abspath(path)  # noqa: PTH100 - pathlib drops the prefix's meaning


def open_regular(path: str) -> io.FileIO:
    """Open a regular file for reading, unbuffered; raises OSError for anything else."""
    descriptor = os.open(system_path(path), _OPEN_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
    except OSError:
        os.close(descriptor)
        raise
    return io.FileIO(descriptor, "rb")


class LastOpened:
    """The file that was asked for last, kept open: members of an archive are regions of one."""

    def __init__(self) -> None:
        """Start without a file."""
        self._path = ""
        self._file: io.FileIO | None = None

    def file(self, path: str) -> io.FileIO:
        """The open file of this path, wherever it stands; raises OSError as `open_regular`."""
        if self._file is None or path != self._path:
            self.close()
            self._file, self._path = open_regular(path), path
        return self._file

    def close(self) -> None:
        """Close the file; the next call opens one again."""
        if self._file is not None:
            self._file.close()
            self._file = None


class RegionReader(io.RawIOBase):
    """Bytes `offset` to `offset + length` of an open file, as a seekable file of its own."""

    def __init__(self, file: io.FileIO, offset: int, length: int) -> None:
        """Take over the open file."""
        self._file = file
        self._offset = offset
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """Move within the region; behind its end nothing is read."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        if base + position < 0:
            raise ValueError("position before the start of the file")
        self._at = base + position
        return self._at

    def tell(self) -> int:
        """Return the position within the region."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer from the region."""
        wanted = min(len(buffer), self._length - self._at)
        if wanted <= 0:
            return 0
        self._file.seek(self._offset + self._at)
        count = self._file.readinto(memoryview(buffer)[:wanted]) or 0
        self._at += count
        return count

    def close(self) -> None:
        """Close the file below, too."""
        if not self.closed:
            self._file.close()
        super().close()


def region_chunks(file: io.FileIO, offset: int, length: int) -> Iterator[bytes]:
    """Yield a region of an open file in pieces; the file may be used for other things between."""
    at, end = offset, offset + length
    while at < end:
        file.seek(at)
        data = file.read(min(CHUNK_BYTES, end - at))
        if not data:
            return
        at += len(data)
        yield data


def capped(chunks: Iterator[bytes], limit_bytes: int) -> Iterator[bytes]:
    """Pass chunks on, up to a limit; raises EvidenceError where there would be more."""
    left = limit_bytes
    for chunk in chunks:
        if len(chunk) > left:
            yield chunk[:left]
            raise too_large(limit_bytes)
        left -= len(chunk)
        yield chunk


def too_large(limit_bytes: int) -> EvidenceError:
    """Make the error for data that grow beyond what their compressed size makes likely."""
    return EvidenceError(
        f"it unpacks to more than {limit_bytes} bytes, far more than logs do (archive bomb?)",
        "if you trust it, unpack it yourself and give the unpacked files",
    )


def verified(chunks: Iterator[bytes], size: int | None, crc: int | None) -> Iterator[bytes]:
    """Pass chunks on; raises EvidenceError at the end if size or CRC-32 are not as promised."""
    total = made = 0
    for chunk in chunks:
        total += len(chunk)
        if size is not None and total > size:
            raise EvidenceError(f"there are more data than the {size} bytes its archive promises")
        made = zlib.crc32(chunk, made)
        yield chunk
    if size is not None and total < size:
        raise EvidenceError(f"cut off: {total} of {size} bytes could be read")
    if crc is not None and made != crc:
        raise EvidenceError("the data are damaged: their checksum (CRC-32) is wrong")


class ChunkStream(io.BufferedIOBase):
    """Chunks as a file that is read once, from front to back.

    An error of the chunks is raised by the first read that has nothing left to return, so that
    everything before the damage is delivered. `path` is put into EvidenceError as its place.
    """

    def __init__(self, chunks: Iterator[bytes], file: io.FileIO, path: str) -> None:
        """Take over the open file that the chunks come from."""
        self._chunks = chunks
        self._file = file
        self._path = path
        self._buffer = b""
        self._at = 0
        self._delivered = 0
        self._error: EvidenceError | OSError | None = None
        self._ended = False

    def readable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._delivered

    def _fill(self) -> bool:
        """Get the next chunk once the last one is used up; False at the end."""
        while self._at >= len(self._buffer):
            if self._ended:
                return False
            try:
                self._buffer, self._at = next(self._chunks), 0
            except StopIteration:
                self._ended = True
            except EvidenceError as error:
                self._ended = True
                self._error = EvidenceError(error.what, error.hint, error.where or self._path)
            except OSError as error:
                self._ended = True
                self._error = error
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end or before damage; -1: all."""
        left = -1 if size is None else size
        pieces: list[bytes] = []
        while left != 0 and self._fill():
            end = len(self._buffer) if left < 0 else min(len(self._buffer), self._at + left)
            pieces.append(self._buffer[self._at : end])
            left -= end - self._at if left > 0 else 0
            self._at = end
        return self._deliver(b"".join(pieces), asked=size != 0)

    def read1(self, size: int = -1, /) -> bytes:
        """Return what is at hand, at most `size` bytes."""
        if size == 0 or not self._fill():
            return self._deliver(b"", asked=size != 0)
        end = len(self._buffer) if size < 0 else self._at + size
        piece = self._buffer[self._at : end]
        self._at += len(piece)
        return self._deliver(piece, asked=True)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return one line, at most `size` bytes of it."""
        left = -1 if size is None else size
        pieces: list[bytes] = []
        while left != 0 and self._fill():
            end = self._buffer.find(b"\n", self._at) + 1 or len(self._buffer)
            end = end if left < 0 else min(end, self._at + left)
            piece = self._buffer[self._at : end]
            pieces.append(piece)
            self._at = end
            left -= len(piece) if left > 0 else 0
            if piece.endswith(b"\n"):
                break
        return self._deliver(b"".join(pieces), asked=size != 0)

    def _deliver(self, data: bytes, *, asked: bool) -> bytes:
        if asked and not data and self._error is not None:
            raise self._error
        self._delivered += len(data)
        return data

    def close(self) -> None:
        """Close the file below, too."""
        if not self.closed:
            self._file.close()
        super().close()


class ForwardReader:
    """A stream that only moves forward, by seeking where that is possible."""

    def __init__(self, stream: BinaryIO) -> None:
        """Start where the stream stands, at position 0."""
        self._stream = stream
        self._seekable = stream.seekable()
        self.position = 0

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes, fewer only at the end or before damage."""
        data = self._stream.read(count)
        self.position += len(data)
        return data

    def skip_to(self, position: int) -> None:
        """Move forward; the end may lie before."""
        if self._seekable:
            self._stream.seek(position)
            self.position = position
            return
        while self.position < position:
            if not self.read(min(CHUNK_BYTES, position - self.position)):
                return

    def chunks(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes, fewer at the end."""
        end = self.position + count
        while self.position < end:
            data = self.read(min(CHUNK_BYTES, end - self.position))
            if not data:
                return
            yield data
