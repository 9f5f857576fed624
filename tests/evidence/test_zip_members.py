"""Zip archives: encryption, old and new compression, zip64, torn files, tricks."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import inflate64
import pytest

from exward.evidence.decrypt import ZipCrypto
from tests.evidence.archives import LOG, OTHER, aes_zip_of, read_all, zip_of, zstd

FILES = {"a.log": LOG, "b.log": LOG[:4000], "c.exe": OTHER}


def _replaced(data: bytes, method: int, packed: bytes) -> bytes:
    """A one-member archive whose data are packed in a way that `zipfile` cannot write."""
    name = b"x.log"
    fields = (method, 0, 0, zlib.crc32(LOG), len(packed), len(LOG), len(name))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 63, 0, *fields, 0) + name
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 63, 63, 0, *fields, 0, 0, 0, 0, 0, 0)
    start = len(local) + len(packed)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central + name), start, 0)
    return local + packed + central + name + end + data


def _deflate64() -> bytes:
    packer = inflate64.Deflater()
    return bytes(packer.deflate(LOG)) + bytes(packer.flush())


@pytest.mark.parametrize(("method", "packed"), [(9, _deflate64()), (93, zstd.compress(LOG))])
def test_methods_of_explorer_and_winzip(tmp_path: Path, method: int, packed: bytes) -> None:
    (tmp_path / "a").write_bytes(_replaced(b"", method, packed))
    reading = read_all([tmp_path / "a"])
    assert reading.files == [("a!x.log", LOG)]
    assert reading.errors == []


def test_unknown_method_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(_replaced(b"", 6, b"imploded"))
    assert "compression method 6" in read_all([tmp_path / "a"]).reasons


@pytest.mark.parametrize("bits", [128, 192, 256])
def test_aes(tmp_path: Path, bits: int) -> None:
    (tmp_path / "a.zip").write_bytes(aes_zip_of(FILES, "pässword", bits))
    reading = read_all([tmp_path / "a.zip"], password="pässword")
    assert reading.files == [("a.zip!a.log", LOG), ("a.zip!b.log", LOG[:4000])]
    assert reading.not_evidence == ["a.zip!c.exe"]
    assert (reading.errors, reading.skipped) == ([], [])


def test_aes_data_are_authenticated(tmp_path: Path) -> None:
    data = bytearray(aes_zip_of({"a.log": os.urandom(200_000)}, "secret"))
    data[150_000] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    reading = read_all([tmp_path / "a.zip"], password="secret", wanted=lambda _path, _head: True)
    assert "damaged" in str(reading.errors[0][1])


def _zipcrypto(password: str, plain: bytes, *, stored: bool = False) -> bytes:
    """PKWARE's cipher from the other side: the key stream follows the plain bytes."""
    packed = plain
    if not stored:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(plain) + packer.flush()
    text = bytes(11) + bytes([zlib.crc32(plain) >> 24]) + packed
    # Decrypting one byte gives plain = cipher ^ key: find the key with cipher 0, then redo it.
    cipher = ZipCrypto(password)
    made = bytearray()
    for byte in text:
        keys = cipher._keys
        key = cipher.decrypt(b"\0")[0]
        cipher._keys = keys
        made.append(byte ^ key)
        assert cipher.decrypt(bytes(made[-1:])) == bytes([byte])
    archive = bytearray(_replaced(b"", 0 if stored else 8, bytes(made)))
    for at in (6, archive.rfind(b"PK\x01\x02") + 8):
        archive[at] |= 1
    archive = archive.replace(
        struct.pack("<I", zlib.crc32(LOG)), struct.pack("<I", zlib.crc32(plain))
    )
    return bytes(archive.replace(struct.pack("<I", len(LOG)), struct.pack("<I", len(plain))))


@pytest.mark.parametrize("stored", [False, True])
def test_zipcrypto_agrees_with_the_standard_library(tmp_path: Path, stored: bool) -> None:
    data = _zipcrypto("secret", LOG[:5000], stored=stored)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("x.log", b"secret") == LOG[:5000]
    (tmp_path / "a.zip").write_bytes(data)
    assert read_all([tmp_path / "a.zip"], password="secret").files == [("a.zip!x.log", LOG[:5000])]


@pytest.mark.parametrize(("password", "words"), [(None, "give the password"), ("no", "right one")])
def test_locked_archive_is_said_once(tmp_path: Path, password: str | None, words: str) -> None:
    (tmp_path / "a.zip").write_bytes(aes_zip_of(FILES, "secret"))
    (tmp_path / "b.zip").write_bytes(_zipcrypto("secret", LOG[:500]))
    reading = read_all([tmp_path / "a.zip", tmp_path / "b.zip"], password=password)
    assert (reading.files, reading.not_evidence) == ([], [])
    assert [(one.source[-5:], one.count) for one in reading.skipped] == [("a.zip", 3), ("b.zip", 1)]
    assert all(words in one.reason and "--password" in one.reason for one in reading.skipped)


def test_encrypted_and_open_members_in_one_archive(tmp_path: Path) -> None:
    made = io.BytesIO(aes_zip_of({"locked.log": LOG}, "secret"))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("open.log", LOG)
    (tmp_path / "a.zip").write_bytes(made.getvalue())
    reading = read_all([tmp_path / "a.zip"])
    assert reading.files == [("a.zip!open.log", LOG)]
    assert len(reading.skipped) == 1


def test_zip64(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.log", "w", force_zip64=True) as member:
            member.write(LOG)
        for number in range(66_000):  # more members than 16 bits can count
            archive.writestr(f"{number}", b"")
    (tmp_path / "a.zip").write_bytes(made.getvalue())
    reading = read_all([tmp_path / "a.zip"])
    assert reading.files[0] == ("a.zip!a.log", LOG)
    assert len(reading.files) == 66_001
    assert reading.skipped == []


def test_sizes_and_offsets_of_64_bits(tmp_path: Path) -> None:
    # All three values in the extra field, as archives above 4 GiB have them.
    name = b"x.log"
    big = struct.pack("<HH3Q", 1, 24, len(LOG), len(LOG), 0)
    local = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 45, 0, 0, 0, 0, zlib.crc32(LOG), *[0xFFFFFFFF] * 2, 5, 20
    )
    local += name + struct.pack("<HH2Q", 1, 16, len(LOG), len(LOG)) + LOG
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, zlib.crc32(LOG),
        *[0xFFFFFFFF] * 2, 5, len(big), 0, 0, 0, 0, 0xFFFFFFFF,
    )  # fmt: skip
    central += name + big
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(central), len(local)
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(local + central), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    (tmp_path / "a.zip").write_bytes(local + central + end64 + locator + end)
    reading = read_all([tmp_path / "a.zip"])
    assert reading.files == [("a.zip!x.log", LOG)]
    assert reading.skipped == []


def _streamed(files: dict[str, bytes], method: int) -> bytes:
    """What a program writes that cannot seek: sizes behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return bytes(pipe.data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("make", [zip_of, _streamed])
def test_lost_table_of_contents(tmp_path: Path, make, method: int) -> None:
    inner = zip_of({"deep.log": LOG[:3000]}, zipfile.ZIP_STORED)
    data = make({**FILES, "inner.zip": inner, "last.log": LOG[:700]}, method)
    (tmp_path / "a.zip").write_bytes(
        data[: data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))]
    )
    reading = read_all([tmp_path / "a.zip"])
    names = ["a.log", "b.log", "inner.zip!deep.log", "last.log"]
    assert reading.names == [f"a.zip!{name}" for name in names]
    assert ("a.zip!inner.zip!deep.log", LOG[:3000]) in reading.files
    assert reading.errors == []
    assert "table of contents" in reading.reasons


def test_torn_inside_a_member(tmp_path: Path) -> None:
    data = zip_of({"a.log": LOG, "b.log": os.urandom(50_000)}, zipfile.ZIP_STORED)
    (tmp_path / "a.zip").write_bytes(data[: len(LOG) + 20_000])
    reading = read_all([tmp_path / "a.zip"], wanted=lambda _path, _head: True)
    assert reading.files[0] == ("a.zip!a.log", LOG)
    assert 19_000 < len(reading.files[1][1]) < 20_000
    assert "cut off" in str(reading.errors[0][1])


def test_damaged_table_of_contents(tmp_path: Path) -> None:
    data = bytearray(zip_of(FILES))
    data[data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))] = 0
    (tmp_path / "a.zip").write_bytes(data)
    reading = read_all([tmp_path / "a.zip"])
    assert reading.files == [("a.zip!a.log", LOG), ("a.zip!b.log", LOG[:4000])]
    assert "damaged: 1 of 3 entries" in reading.reasons


def test_checksum_is_verified_at_the_end(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.log": LOG}, zipfile.ZIP_STORED))
    data[100_000] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    reading = read_all([tmp_path / "a.zip"])
    assert len(reading.files[0][1]) == len(LOG)
    assert "checksum" in str(reading.errors[0][1])


def test_a_member_with_more_data_than_promised(tmp_path: Path) -> None:
    data = zip_of({"a.log": LOG})
    (tmp_path / "a.zip").write_bytes(data.replace(struct.pack("<I", len(LOG)), b"\x10\0\0\0"))
    reading = read_all([tmp_path / "a.zip"])
    assert "than the 16 bytes" in reading.reasons + str(reading.errors)


def test_overlapping_members_are_a_bomb(tmp_path: Path) -> None:
    data = zip_of({"a.log": LOG})
    central = data[data.rfind(b"PK\x01\x02") : data.rfind(b"PK\x05\x06")]
    start = data.rfind(b"PK\x01\x02")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 99, 99, 99 * len(central), start, 0)
    (tmp_path / "a.zip").write_bytes(data[:start] + 99 * central + end)
    reading = read_all([tmp_path / "a.zip"])
    assert len(reading.files) < 5
    assert "overlap" in reading.reasons


def test_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link.log")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.log", LOG)
    (tmp_path / "a.zip").write_bytes(made.getvalue())
    reading = read_all([tmp_path / "a.zip"])
    assert reading.names == ["a.zip!a.log"]
    assert reading.reasons.endswith("link.log: symbolic link not followed")


@pytest.mark.parametrize(
    ("raw", "flags", "shown"),
    [
        (b"\x81.log", 0, "ü.log"),  # code page 437
        ("ü.log".encode(), 0x800, "ü.log"),
        (b"\xff\xfe.log", 0x800, "\udcff\udcfe.log"),
        (b"a\\b\\c.log", 0, "a/b/c.log"),
    ],
)
def test_names(tmp_path: Path, raw: bytes, flags: int, shown: str) -> None:
    data = bytearray(zip_of({"n" * len(raw): LOG}))
    data = data.replace(b"n" * len(raw), raw)
    for at in (6, data.rfind(b"PK\x01\x02") + 8):
        data[at : at + 2] = struct.pack("<H", flags)
    (tmp_path / "a.zip").write_bytes(data)
    assert read_all([tmp_path / "a.zip"]).files == [(f"a.zip!{shown}", LOG)]


def test_split_archive_is_named(tmp_path: Path) -> None:
    data = bytearray(zip_of(FILES))
    data[data.rfind(b"PK\x05\x06") + 4] = 3
    (tmp_path / "a.zip").write_bytes(data)
    assert "split zip archive" in read_all([tmp_path / "a.zip"]).reasons


def test_data_in_front_and_a_comment_behind(tmp_path: Path) -> None:
    made = io.BytesIO(zip_of(FILES))
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"PK\x05\x06 is what this comment says, 22 bytes before its end"
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + bytes(50) + made.getvalue())
    reading = read_all([tmp_path / "a.zip"])
    assert reading.names == ["a.zip!a.log", "a.zip!b.log"]
    assert "54 bytes more than its table" in reading.reasons


def test_two_archives_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({"1.log": LOG}) + zip_of({"2.log": LOG[:600]}))
    assert sorted(read_all([tmp_path / "a.zip"]).files) == [
        ("a.zip!1.log", LOG),
        ("a.zip!2.log", LOG[:600]),
    ]
