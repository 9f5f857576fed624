"""Tar archives: headers of every kind, damage, and lengths made to exhaust memory or time."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.evidence.tar_headers import parse_pax
from tests.evidence.archives import COMPRESSORS, LOG, read_all, tar_of


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def _header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    member = _member(name, kind)
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


END = bytes(1024)
PACK = {"plain": lambda data: data, "gz": COMPRESSORS["gz"]}


@pytest.mark.parametrize("pack", PACK)
def test_links_and_devices_are_not_followed(tmp_path: Path, pack: str) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(_member("sym.log", tarfile.SYMTYPE, "/etc/passwd"))
        archive.addfile(_member("hard.log", tarfile.LNKTYPE, "../../etc/passwd"))
        archive.addfile(_member("pipe", tarfile.FIFOTYPE))
        archive.addfile(_member("sda", tarfile.BLKTYPE))
        archive.addfile(_member("folder", tarfile.DIRTYPE))
        real = _member("real.log")
        real.size = len(LOG)
        archive.addfile(real, io.BytesIO(LOG))
    (tmp_path / "t").write_bytes(PACK[pack](made.getvalue()))
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!real.log", LOG)]
    assert [(one.source.rpartition("!")[2], one.reason) for one in reading.skipped] == [
        ("sym.log", "symbolic link not followed"),
        ("hard.log", "hard link not followed"),
        ("pipe", "not a regular file"),
        ("sda", "not a regular file"),
    ]


@pytest.mark.parametrize("pack", PACK)
def test_damaged_header_is_passed_over(tmp_path: Path, pack: str) -> None:
    parts = [_header(f"{n}.log", len(LOG)) + _padded(LOG) for n in range(3)]
    parts[1] = b"\xff" * 10 + parts[1][10:]
    (tmp_path / "t").write_bytes(PACK[pack](b"".join(parts) + END))
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!0.log", LOG), ("t!2.log", LOG)]
    assert [(one.position, one.reason) for one in reading.skipped] == [
        (len(parts[0]), f"{len(parts[1])} damaged bytes passed over")
    ]


@pytest.mark.parametrize("pack", PACK)
def test_cut_off_member_is_kept_as_far_as_it_goes(tmp_path: Path, pack: str) -> None:
    (tmp_path / "t").write_bytes(PACK[pack](tar_of({"a.log": LOG})[: 512 + 5000]))
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!a.log", LOG[:5000])]
    assert f"holds 5000 of {len(LOG)} bytes" in reading.reasons


def test_missing_end_mark_is_said(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(_header("a.log", len(LOG)) + _padded(LOG))
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!a.log", LOG)]
    assert "no end mark" in reading.reasons


def test_compressed_tar_cut_off_behind_its_end_mark(tmp_path: Path) -> None:
    # The checksum over all data is missing, so they may be damaged.
    (tmp_path / "t").write_bytes(COMPRESSORS["gz"](tar_of({"a.log": LOG})[:-100])[:-4])
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!a.log", LOG)]
    assert "compressed data are cut off" in reading.reasons


def test_archives_behind_each_other_and_garbage_at_the_end(tmp_path: Path) -> None:
    data = tar_of({"a.log": LOG}) + tar_of({"b.log": LOG})
    (tmp_path / "t").write_bytes(data + b"\xff" * 5000)
    reading = read_all([tmp_path / "t"])
    assert reading.names == ["t!a.log", "t!b.log"]
    assert reading.skipped == []


@pytest.mark.parametrize("pack", PACK)
@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_huge_extension_headers_are_not_held(tmp_path: Path, kind: bytes, pack: str) -> None:
    huge = _header("x", 3 << 20, kind) + bytes(3 << 20)
    (tmp_path / "t").write_bytes(PACK[pack](huge + tar_of({"a.log": LOG})))
    reading = read_all([tmp_path / "t"])
    assert reading.files == [("t!a.log", LOG)]
    assert f"extension header of {3 << 20} bytes" in reading.reasons


def test_negative_and_endless_sizes_end(tmp_path: Path) -> None:
    negative = bytearray(_header("bad.log", 0))
    negative[124:136] = b"\xff" * 12  # base-256: minus one
    negative[148:156] = b"        "
    negative[148:156] = b"%06o\0 " % sum(negative)
    endless = _header("end.log", 1 << 60)
    (tmp_path / "t").write_bytes(tar_of({"a.log": LOG})[:-10240] + bytes(negative) + endless)
    reading = read_all([tmp_path / "t"])
    assert "t!a.log" in reading.names
    assert reading.skipped


def test_a_chain_of_long_name_headers(tmp_path: Path) -> None:
    chain = b"".join(
        _header("././@LongLink", 600, tarfile.GNUTYPE_LONGNAME) + _padded(b"%d" % n + b"n" * 590)
        for n in range(3000)
    )
    (tmp_path / "t").write_bytes(chain + _header("a.log", len(LOG)) + _padded(LOG) + END)
    assert read_all([tmp_path / "t"]).files == [("t!2999" + "n" * 590, LOG)]


def test_sparse_files_are_named(tmp_path: Path) -> None:
    with (tmp_path / "s.log").open("wb") as file:
        file.write(LOG)
        file.truncate(50 << 20)
    if not Path("/usr/bin/tar").exists():
        pytest.skip("needs GNU tar: SKIPPED on this system")
    for form in ("gnu", "posix"):
        subprocess.run(
            ["tar", "-S", f"--format={form}", "-cf", form, "s.log"], cwd=tmp_path, check=True
        )
        reading = read_all([tmp_path / form])
        assert reading.files == []
        assert reading.reasons.startswith(f"{tmp_path}/{form}!s.log: sparse files")


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_that_are_not_utf_8(tmp_path: Path, form: int) -> None:
    (tmp_path / "t").write_bytes(tar_of({"\udcff\udcfe.log": LOG}, form))
    assert read_all([tmp_path / "t"]).names == ["t!\udcff\udcfe.log"]


@given(st.binary(max_size=300))
def test_pax_records_end_at_the_first_bad_one(data: bytes) -> None:
    records = parse_pax(b"16 first=record\n" + data)
    assert "first" in records
    assert len(records) <= 1 + len(data)


@pytest.mark.parametrize(
    "data", [b"0 a=b\n", b"-5 a=b\n", b"99 a=b\n", b"9" * 5000, b" a=b", b"2 a=b\n", b"\xb2 a=b"]
)
def test_bad_pax_lengths(data: bytes) -> None:
    assert parse_pax(data) == {}
