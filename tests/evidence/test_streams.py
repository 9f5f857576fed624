"""Streams: a region as a file, and chunks as a file that fails only after its data."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.evidence.blob import Blob, DecryptAes, DecryptZipCrypto
from exward.evidence.streams import ChunkStream, capped, verified
from exward.model.errors import EvidenceError

DATA = bytes(range(256)) * 40


def _chunks(pieces: list[bytes], error: Exception | None = None) -> Iterator[bytes]:
    yield from pieces
    if error is not None:
        raise error


def _stream(pieces: list[bytes], error: Exception | None = None) -> ChunkStream:
    return ChunkStream(_chunks(pieces, error), io.FileIO(os.devnull), "a.zip!b")


@given(
    st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"a", b"\n")), max_size=10),
    st.lists(st.tuples(st.sampled_from(["read", "read1", "readline"]), st.integers(-1, 40))),
)
def test_reads_like_a_file(pieces: list[bytes], calls: list[tuple[str, int]]) -> None:
    expected = io.BytesIO(b"".join(pieces))
    with _stream(pieces) as stream:
        for name, size in calls:
            got = getattr(stream, name)(size)
            if name == "read1":
                assert got == expected.read(len(got))
                assert got or size == 0 or not expected.read(1)
            else:
                assert got == getattr(expected, name)(size)
            assert stream.tell() == expected.tell()


@pytest.mark.parametrize("size", [1, 7, 10, 20, 100, -1])
@pytest.mark.parametrize("error", [EvidenceError("damaged"), OSError(5, "Input/output error")])
def test_everything_before_the_damage_is_delivered(size: int, error: Exception) -> None:
    with _stream([b"0123456789", b"abcdefghij"], error) as stream:
        got: list[bytes] = []
        with pytest.raises(type(error)) as caught:
            got.extend(iter(lambda: stream.read(size), b""))
        assert b"".join(got) == b"0123456789abcdefghij"
        if isinstance(error, EvidenceError):
            assert str(caught.value) == "a.zip!b: damaged"
        with pytest.raises(type(error)):
            stream.read(1)


def test_lines_before_the_damage_are_delivered() -> None:
    with _stream([b"one\ntw", b"o\nthree"], EvidenceError("damaged")) as stream:
        assert [stream.readline() for _ in range(3)] == [b"one\n", b"two\n", b"three"]
        with pytest.raises(EvidenceError):
            stream.readline()


def test_lines_can_be_iterated_and_the_file_is_closed() -> None:
    file = io.FileIO(os.devnull)
    with ChunkStream(iter([b"1\n2", b"\n3"]), file, "") as stream:
        assert list(stream) == [b"1\n", b"2\n", b"3"]
        assert not stream.seekable()
    assert file.closed


@given(st.integers(0, 300), st.integers(0, 300), st.lists(st.integers(-50, 350), max_size=8))
def test_a_region_is_a_file_of_its_own(tmp_path_factory, offset, length, places) -> None:
    path = tmp_path_factory.getbasetemp() / "region"
    path.write_bytes(DATA)
    expected = io.BytesIO(DATA[offset : offset + length])
    with Blob(str(path), offset, length).open("x") as stream:
        for place in places:
            if place < 0:
                with pytest.raises(ValueError, match="before the start"):
                    stream.seek(place)
                stream.seek(0, os.SEEK_END)
                expected.seek(0, os.SEEK_END)
            else:
                assert stream.seek(place) == expected.seek(place)
            assert stream.read(20) == expected.read(20)
        assert stream.seek(0) == 0
        assert stream.read() == expected.getvalue()


def test_cap_delivers_up_to_the_limit() -> None:
    got: list[bytes] = []
    with pytest.raises(EvidenceError, match="more than 15 bytes"):
        got.extend(capped(iter([b"0123456789"] * 3), 15))
    assert b"".join(capped(iter([b"0123456789"]), 10)) == b"0123456789"


@pytest.mark.parametrize(
    ("size", "crc", "words"),
    [(9, None, "more data"), (11, None, "cut off: 10 of 11"), (None, 1, "checksum"), (10, 1, "ch")],
)
def test_size_and_checksum(size: int | None, crc: int | None, words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        list(verified(iter([b"01234", b"56789"]), size, crc))


def test_no_size_and_no_checksum_pass() -> None:
    assert list(verified(iter([b"01234"]), None, None)) == [b"01234"]
    assert list(verified(iter([b"01234"]), 5, zlib.crc32(b"01234"))) == [b"01234"]


def test_a_blob_shows_no_password() -> None:
    blob = Blob("x", 0, 1, (DecryptAes(3, 5, "secret"), DecryptZipCrypto(1, "secret")))
    assert "secret" not in repr(blob)
