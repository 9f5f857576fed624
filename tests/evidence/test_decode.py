"""Decoders: the same bytes whatever the pieces, bounded output, clear errors."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator

import inflate64
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.evidence.decode import Codec, decode
from exward.model.errors import EvidenceError
from tests.evidence.archives import zstd


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _deflate64(data: bytes) -> bytes:
    packer = inflate64.Deflater()
    return bytes(packer.deflate(data)) + bytes(packer.flush())


def _zip_lzma(data: bytes) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    raw = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
    properties = bytes([(2 * 5 + 0) * 9 + 3]) + (1 << 20).to_bytes(4, "little")
    return b"\x09\x04\x05\x00" + properties + raw


PACK: dict[Codec, Callable[[bytes], bytes]] = {
    Codec.GZIP: gzip.compress,
    Codec.XZ: lzma.compress,
    Codec.BZIP2: bz2.compress,
    Codec.ZSTD: zstd.compress,
    Codec.DEFLATE: _deflate,
    Codec.DEFLATE64: _deflate64,
    Codec.ZIP_LZMA: _zip_lzma,
}
CHAINED = (Codec.GZIP, Codec.XZ, Codec.BZIP2, Codec.ZSTD)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize("codec", PACK)
@settings(max_examples=25)
@given(data=st.binary(max_size=3000), repeat=st.integers(0, 60), size=st.integers(1, 500))
def test_pieces_make_no_difference(codec: Codec, data: bytes, repeat: int, size: int) -> None:
    plain = data * repeat
    assert b"".join(decode(_pieces(PACK[codec](plain), size), codec)) == plain


@pytest.mark.parametrize("codec", PACK)
@settings(max_examples=25)
@given(data=st.binary(max_size=2000))
def test_any_bytes_end_in_data_or_an_error(codec: Codec, data: bytes) -> None:
    start = PACK[codec](b"x" * 500)
    for text in (data, start[: len(start) // 2] + data, start + data):
        with contextlib.suppress(EvidenceError):
            assert all(isinstance(chunk, bytes) for chunk in decode(_pieces(text, 100), codec))


@pytest.mark.parametrize("codec", PACK)
def test_output_comes_in_small_pieces(codec: Codec) -> None:
    packed = PACK[codec](bytes(20 << 20))
    total = 0
    for chunk in decode(_pieces(packed, 65536), codec):
        assert len(chunk) <= 8 << 20
        total += len(chunk)
    assert total == 20 << 20


@pytest.mark.parametrize("codec", CHAINED)
def test_streams_follow_each_other(codec: Codec) -> None:
    pack = PACK[codec]
    packed = pack(b"one") + bytes(8) + pack(b"") + pack(b"two") + bytes(100_000)
    assert b"".join(decode(_pieces(packed, 7), codec)) == b"onetwo"


@pytest.mark.parametrize("codec", [codec for codec in PACK if codec is not Codec.ZIP_LZMA])
def test_cut_off_data_are_an_error_after_what_there_is(codec: Codec) -> None:
    plain = b"".join(b"%d " % (n * n) for n in range(300_000))
    packed = PACK[codec](plain)
    got: list[bytes] = []
    with pytest.raises(EvidenceError, match="cut off"):
        got.extend(decode(_pieces(packed[: len(packed) * 3 // 4], 65536), codec))
    assert plain.startswith(b"".join(got))
    assert got


def test_windows_beyond_the_limit_are_refused() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 30}
    packer = zstd.ZstdCompressor(options=options)
    packed = packer.compress(b"x" * 100) + packer.compress(b"x" * 100, packer.FLUSH_BLOCK)
    with pytest.raises(EvidenceError, match="window of more than 256 MiB"):
        list(decode(iter([packed]), Codec.ZSTD))
    header = b"\x09\x04\x05\x00" + bytes([93]) + (1 << 30).to_bytes(4, "little")
    with pytest.raises(EvidenceError, match="damaged"):
        list(decode(iter([header + bytes(100)]), Codec.ZIP_LZMA))
