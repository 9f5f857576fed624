"""7z archives: methods, encryption, solid and separate blocks, damage."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import py7zr
import pytest
from py7zr.properties import FILTER_DEFLATE64

from tests.evidence.archives import LOG, OTHER, read_all, seven_zip_of

FILES = {"a.log": LOG, "b.exe": OTHER, "c.log": LOG[:5000], "d.log": b""}
READ = [("a.7z!a.log", LOG), ("a.7z!c.log", LOG[:5000]), ("a.7z!d.log", b"")]
METHODS = {
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 3}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "bcj and lzma2": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "deflate64": [{"id": FILTER_DEFLATE64}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "copy": [{"id": py7zr.FILTER_COPY}],
}


@pytest.mark.parametrize("method", METHODS)
def test_methods(tmp_path: Path, method: str) -> None:
    (tmp_path / "a.7z").write_bytes(seven_zip_of(FILES, filters=METHODS[method]))
    reading = read_all([tmp_path / "a.7z"])
    assert sorted(reading.files) == READ
    assert reading.not_evidence == ["a.7z!b.exe"]
    assert reading.skipped == []


@pytest.mark.parametrize("hide_names", [False, True])
def test_encrypted(tmp_path: Path, hide_names: bool) -> None:
    data = seven_zip_of(FILES, "secret", hide_names=hide_names)
    (tmp_path / "a.7z").write_bytes(data)
    assert sorted(read_all([tmp_path / "a.7z"], password="secret").files) == READ
    for password, words in ((None, "give the password"), ("wrong", "password is wrong")):
        reading = read_all([tmp_path / "a.7z"], password=password)
        assert [data for _, data in reading.files if data] == []
        assert len(reading.skipped) == 1
        assert words in reading.reasons
        assert "--password" in reading.reasons


def test_blocks_that_follow_each_other(tmp_path: Path) -> None:
    made = io.BytesIO(seven_zip_of({"1.log": LOG, "2.log": LOG[:9000]}))
    with py7zr.SevenZipFile(made, "a") as archive:
        archive.writestr(LOG[:700], "3.log")
    (tmp_path / "a.7z").write_bytes(made.getvalue())
    reading = read_all([tmp_path / "a.7z"])
    assert [data for _, data in reading.files] == [LOG, LOG[:9000], LOG[:700]]


def test_a_damaged_block_leaves_the_next_one(tmp_path: Path) -> None:
    made = io.BytesIO(seven_zip_of({"1.log": b"#log" + os.urandom(200_000), "2.log": LOG}))
    with py7zr.SevenZipFile(made, "a") as archive:
        archive.writestr(LOG[:700], "3.log")
    data = bytearray(made.getvalue())
    data[32 + 100_000 : 32 + 100_400] = bytes(400)
    (tmp_path / "a.7z").write_bytes(data)
    reading = read_all([tmp_path / "a.7z"], wanted=lambda _path, _head: True)
    assert reading.files[-1] == ("a.7z!3.log", LOG[:700])
    assert "damaged" in reading.reasons


def test_a_folder_and_links_on_disk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.log").write_bytes(LOG)
    (tmp_path / "in" / "empty.log").write_bytes(b"")
    (tmp_path / "in" / "sub").mkdir()
    (tmp_path / "in" / "link.log").symlink_to("a.log")
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as archive:
        archive.writeall(tmp_path / "in", "in")
    reading = read_all([tmp_path / "a.7z"])
    assert sorted(reading.files) == [("a.7z!in/a.log", LOG), ("a.7z!in/empty.log", b"")]
    assert [one.reason for one in reading.skipped] == ["symbolic link not followed"]


def test_many_small_members_of_a_solid_block(tmp_path: Path) -> None:
    files = {f"{n}.log": LOG[: 50 + n % 40] for n in range(2000)}
    (tmp_path / "a.7z").write_bytes(seven_zip_of(files))
    reading = read_all([tmp_path / "a.7z"])
    assert reading.files == [(f"a.7z!{name}", data) for name, data in files.items()]


def test_a_window_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    data = bytearray(_plain_header(FILES))
    # The block's coder: 0x21 (one byte of id, with properties), LZMA2, one byte of dictionary size.
    at = data.rindex(b"\x21\x21\x01") + 3
    data[at] = 40  # 4 GiB
    (tmp_path / "a.7z").write_bytes(_with_new_checksums(bytes(data)))
    assert "window of more than" in read_all([tmp_path / "a.7z"]).reasons


def _plain_header(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    filters = [{"id": py7zr.FILTER_LZMA2, "preset": 1}]
    with py7zr.SevenZipFile(made, "w", filters=filters) as archive:
        archive.set_encoded_header_mode(False)
        for name, data in files.items():
            archive.writestr(data, name)
    return made.getvalue()


def _with_new_checksums(data: bytes) -> bytes:
    """Put right the two checksums of the start header (7zFormat.txt, SignatureHeader)."""
    offset, size = struct.unpack_from("<QQ", data, 12)
    header = data[32 + offset : 32 + offset + size]
    start = struct.pack("<QQI", offset, size, zlib.crc32(header))
    return data[:8] + struct.pack("<I", zlib.crc32(start)) + start + data[32:]


def test_headers_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    data = _plain_header(FILES)
    huge = struct.pack("<QQI", 0, 9 << 20, 0)
    (tmp_path / "a.7z").write_bytes(data[:12] + huge + bytes(9 << 20))
    reading = read_all([tmp_path / "a.7z"])
    assert reading.files == []
    assert len(reading.skipped) == 1


def test_methods_with_unsafe_decoders_are_refused(tmp_path: Path) -> None:
    filters = [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}]
    (tmp_path / "a.7z").write_bytes(seven_zip_of(FILES, filters=filters))
    reading = read_all([tmp_path / "a.7z"])
    assert reading.files == []
    assert "PPMd is not read; pack it again with LZMA2" in reading.reasons
