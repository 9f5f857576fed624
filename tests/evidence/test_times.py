"""When a file was last changed, as the file system or the archive says."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile

import py7zr
import pytest

from exward.evidence import zip_times
from exward.evidence.discover import discover
from exward.evidence.options import EvidenceOptions
from exward.evidence.streams import ForwardReader
from exward.evidence.tar_headers import TarMember, iter_headers

AT = 1_767_579_248
"""2026-01-05 02:14:08 UTC, in seconds."""
EPOCH_1601 = 11_644_473_600


def _modified(path, tmp_path):
    found = discover([str(path)], EvidenceOptions(spool_dir=tmp_path), lambda *_: True)
    return [getattr(one, "modified", None) for one in found]


def test_of_a_file_on_disk_and_of_members(tmp_path):
    plain = tmp_path / "a.txt"
    plain.write_text("text")
    os.utime(plain, (AT, AT))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (2026, 1, 5, 2, 14, 8)), "text")
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as packed:
        packed.write(plain, "a.txt")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(plain, "a.txt")
    with gzip.open(tmp_path / "a.tgz", "wb") as stream:
        stream.write((tmp_path / "a.tar").read_bytes())
    for name in ("a.txt", "a.zip", "a.7z", "a.tar", "a.tgz"):
        assert _modified(tmp_path / name, tmp_path) == [AT * 1_000_000], name


def test_of_a_member_of_a_torn_archive(tmp_path):
    with zipfile.ZipFile(whole := io.BytesIO(), "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (2026, 1, 5, 2, 14, 8)), "text")
    torn = tmp_path / "torn.zip"
    torn.write_bytes(whole.getvalue()[: whole.getvalue().index(b"PK\x01\x02")])
    assert AT * 1_000_000 in _modified(torn, tmp_path)


@pytest.mark.parametrize(
    ("extras", "expected"),
    [
        ({0x5455: b"\x01" + struct.pack("<i", AT + 3600)}, AT + 3600),
        ({0x5455: b"\x02" + struct.pack("<i", AT + 3600)}, AT),
        ({0x5455: b"\x01"}, AT),
        (
            {0x000A: b"\0" * 4 + b"\x01\0\x18\0" + struct.pack(
                "<Q", (AT + 7 + EPOCH_1601) * 10_000_000
            ) + b"\0" * 16},
            AT + 7,
        ),
        ({0x000A: b"\0" * 40}, AT),
        ({}, AT),
    ],
)  # fmt: skip
def test_what_an_extra_field_says_comes_first(extras, expected):
    date, time = (2026 - 1980) << 9 | 1 << 5 | 5, 2 << 11 | 14 << 5 | 4
    assert zip_times.modified(extras, date, time) == expected * 1_000_000


@pytest.mark.parametrize(("date", "time"), [(0, 0), (0xFFFF, 0xFFFF), (1 << 5 | 1, 31 << 11)])
def test_what_is_no_date_is_no_time(date, time):
    assert zip_times.modified({}, date, time) is None
    assert zip_times.from_file_time(0) is None


@pytest.mark.parametrize("seconds", [0, 1 << 50])
def test_a_tar_time_out_of_range_is_no_time(seconds):
    info = tarfile.TarInfo("a.txt")
    info.mtime = seconds
    block = info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024
    (member,) = iter_headers(ForwardReader(io.BytesIO(block)))
    assert isinstance(member, TarMember)
    assert member.modified is None
