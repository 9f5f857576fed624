"""Decompression in bounded pieces: chunks of compressed bytes in, chunks of plain bytes out."""

from __future__ import annotations

import bz2
import lzma
import struct
import sys
import zlib
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

import inflate64

from exward.model.errors import EvidenceError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ZstdError = zstd.ZstdError
CHUNK_BYTES = 64 * 1024
MAX_WINDOW_BYTES = 256 * 1024 * 1024
"""Largest dictionary a decoder may allocate: enough for `xz -9` (64 MiB), `zstd --long` (128 MiB)
and 7-Zip's highest level; more is asked for by archives made to exhaust memory."""

_ZSTD_WINDOW_LOG = 28
# XZ keeps its own tables beside the dictionary; memlimit counts both.
_XZ_MEMORY_BYTES = MAX_WINDOW_BYTES + 1024 * 1024
# A Deflate64 match of 64 KiB takes about 18 bits, so 256 bytes become 7.5 MiB at the most.
_DEFLATE64_PIECE_BYTES = 256
_DAMAGED = "the compressed data are damaged"


class Codec(StrEnum):
    """Ways in which bytes are compressed."""

    GZIP = "gzip"
    XZ = "xz"
    BZIP2 = "bzip2"
    ZSTD = "zstd"
    DEFLATE = "deflate"
    DEFLATE64 = "deflate64"
    ZIP_LZMA = "zip-lzma"


class Decoder(Protocol):
    """What `lzma`, `bz2` and `zstd` decompressors have in common."""

    @property
    def eof(self) -> bool:
        """True behind the end of the stream."""

    @property
    def needs_input(self) -> bool:
        """False while more output can be had without more input."""

    @property
    def unused_data(self) -> bytes:
        """Input behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most `max_length` bytes."""


class _ZlibDecoder:
    """Deflate with the interface of the others."""

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        plain = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        # A full buffer may hide output that zlib still holds although all input is taken.
        self.needs_input = len(plain) < max_length
        return plain


class _Deflate64Decoder:
    """Deflate64 knows no output limit, so its input is cut small instead."""

    def __init__(self) -> None:
        self._inner = inflate64.Inflater()
        self._waiting = b""
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def needs_input(self) -> bool:
        return not self._waiting

    def decompress(self, data: bytes, max_length: int) -> bytes:
        self._waiting += data
        plain = b""
        while self._waiting and not plain and not self.eof:
            plain = bytes(self._inner.inflate(self._waiting[:_DEFLATE64_PIECE_BYTES]))
            self._waiting = self._waiting[_DEFLATE64_PIECE_BYTES:]
        return plain


class _ZipLzmaDecoder:
    """LZMA as zip files hold it: four bytes of version and length, properties, raw stream.

    PKWARE APPNOTE 6.3.10, section 5.8.8.
    """

    def __init__(self) -> None:
        self._header = b""
        self._inner: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._inner is not None and self._inner.eof

    @property
    def needs_input(self) -> bool:
        return self._inner is None or self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        return b"" if self._inner is None else self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._inner is not None:
            return self._inner.decompress(data, max_length)
        self._header += data
        if len(self._header) < 9:
            return b""
        _version, length, packed, dictionary = struct.unpack_from("<HHBI", self._header)
        if length != 5 or packed >= 9 * 5 * 5 or dictionary > MAX_WINDOW_BYTES:
            raise lzma.LZMAError("bad LZMA properties")
        rest, lc = divmod(packed, 9)
        pb, lp = divmod(rest, 5)
        properties = {"dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}
        filters = [{"id": lzma.FILTER_LZMA1, **properties}]
        self._inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        return self._inner.decompress(self._header[9:], max_length)


def _new_zstd() -> Decoder:
    return zstd.ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    )


class _Kind(NamedTuple):
    """How one codec is decoded. `repeats`: streams may follow each other, as `cat` joins them."""

    new: Callable[[], Decoder]
    repeats: bool
    needs_end_mark: bool = True


_KINDS: dict[Codec, _Kind] = {
    Codec.GZIP: _Kind(lambda: _ZlibDecoder(zlib.MAX_WBITS | 16), repeats=True),
    Codec.XZ: _Kind(
        lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES), repeats=True
    ),
    Codec.BZIP2: _Kind(bz2.BZ2Decompressor, repeats=True),
    Codec.ZSTD: _Kind(_new_zstd, repeats=True),
    Codec.DEFLATE: _Kind(lambda: _ZlibDecoder(-zlib.MAX_WBITS), repeats=False),
    Codec.DEFLATE64: _Kind(_Deflate64Decoder, repeats=False),
    # The end mark is optional in zip files; the size check behind it finds what is missing.
    Codec.ZIP_LZMA: _Kind(_ZipLzmaDecoder, repeats=False, needs_end_mark=False),
}


def decode(chunks: Iterator[bytes], codec: Codec) -> Iterator[bytes]:
    """Yield the decompressed bytes, at most a few MiB at a time.

    Raises EvidenceError, after all that could be decoded, where the data are damaged or end
    too early. Zeros behind the end are padding.
    """
    kind = _KINDS[codec]
    decoder: Decoder | None = kind.new()
    for chunk in chunks:
        data = chunk
        while data:
            if decoder is None:
                data = data.lstrip(b"\0")
                decoder = kind.new() if data else None
                continue
            yield from _drain(decoder, data)
            if not decoder.eof:
                break
            if not kind.repeats:
                # What checks the packed data does so at their end.
                deque(chunks, maxlen=0)
                return
            data = decoder.unused_data
            decoder = None
    if decoder is not None and kind.needs_end_mark:
        raise EvidenceError("the compressed data are cut off", "collect or copy the file once more")


def _drain(decoder: Decoder, data: bytes) -> Iterator[bytes]:
    """Yield all that can be had with this input."""
    plain = _decompress(decoder, data)
    while plain:
        yield plain
        if decoder.eof or decoder.needs_input:
            return
        plain = _decompress(decoder, b"")


def _decompress(decoder: Decoder, data: bytes) -> bytes:
    """One step; the libraries' different errors become one."""
    try:
        return decoder.decompress(data, CHUNK_BYTES)
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise _window_error() from error
        raise EvidenceError(_DAMAGED) from error
    except zstd.ZstdError as error:
        if "emory" in str(error):
            raise _window_error() from error
        raise EvidenceError(_DAMAGED) from error
    except (zlib.error, OSError, ValueError, EOFError) as error:
        raise EvidenceError(_DAMAGED) from error


def _window_error() -> EvidenceError:
    limit_mib = MAX_WINDOW_BYTES // (1024 * 1024)
    return EvidenceError(
        f"decompression needs a window of more than {limit_mib} MiB",
        "unpack it yourself and give the unpacked file",
    )
