"""From given paths to sources, through every kind of container."""

from __future__ import annotations

import io
import multiprocessing
import os
import subprocess
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.evidence.discover import discover
from exward.evidence.found import EvidenceFile
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.model.errors import EvidenceError
from tests.evidence.archives import (
    COMPRESSORS,
    LOG,
    OTHER,
    aes_zip_of,
    is_log,
    read_all,
    seven_zip_of,
    tar_of,
    zip_of,
)

FILES = {"C:/logs/u_ex.log": LOG, "empty.log": b"", "setup.exe": OTHER, "z.log": LOG[:5000]}
TAR = tar_of(FILES)
CONTAINERS = {
    "zip-stored": zip_of(FILES, zipfile.ZIP_STORED),
    "zip-deflated": zip_of(FILES),
    "zip-bzip2": zip_of(FILES, zipfile.ZIP_BZIP2),
    "zip-lzma": zip_of(FILES, zipfile.ZIP_LZMA),
    "tar": TAR,
    **{f"tar.{name}": compress(TAR) for name, compress in COMPRESSORS.items()},
    "7z": seven_zip_of(FILES),
}
WANTED = {"C:/logs/u_ex.log": LOG, "empty.log": b"", "z.log": LOG[:5000]}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_reads_every_container_whatever_its_name(tmp_path: Path, kind: str) -> None:
    (tmp_path / "evidence.dat").write_bytes(CONTAINERS[kind])
    reading = read_all([tmp_path / "evidence.dat"])
    found = {name.removeprefix("evidence.dat!"): data for name, data in reading.files}
    assert found == WANTED
    assert reading.not_evidence == ["evidence.dat!setup.exe"]
    assert (reading.skipped, reading.errors) == ([], [])


@pytest.mark.parametrize("kind", CONTAINERS)
def test_containers_inside_a_zip_and_a_compressed_tar(tmp_path: Path, kind: str) -> None:
    inner = {"inner": CONTAINERS[kind]}
    (tmp_path / "a.zip").write_bytes(zip_of(inner))
    (tmp_path / "b.tgz").write_bytes(COMPRESSORS["gz"](tar_of(inner)))
    reading = read_all([tmp_path / "a.zip", tmp_path / "b.tgz"])
    outer = [f"{name}!inner!C:/logs/u_ex.log" for name in ("a.zip", "b.tgz")]
    assert [name for name in reading.names if name.endswith("u_ex.log")] == outer
    assert [data for name, data in reading.files if name in outer] == [LOG, LOG]
    assert (reading.skipped, reading.errors) == ([], [])


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressed_single_file_keeps_its_path(tmp_path: Path, name: str) -> None:
    compress = COMPRESSORS[name]
    # Streams that follow each other are one file, and zeros behind them are padding.
    (tmp_path / "u_ex.log.x").write_bytes(compress(LOG) + compress(LOG) + b"\0" * 512)
    reading = read_all([tmp_path / "u_ex.log.x"])
    assert reading.files == [("u_ex.log.x", LOG + LOG)]
    assert reading.sources[0].size_bytes is None
    assert not reading.sources[0].seekable


def test_head_is_the_first_64_kib(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "b.zip").write_bytes(zip_of({"a.log": LOG, "c.log": LOG[:100]}))
    heads = [source.head for source in read_all([tmp_path / "a.log", tmp_path / "b.zip"]).sources]
    assert heads == [LOG[:65536], LOG[:65536], LOG[:100]]


def test_files_on_disk_and_spooled_members_can_be_sought_in(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "b.tar").write_bytes(tar_of({"x.log": LOG}))
    (tmp_path / "c.txz").write_bytes(COMPRESSORS["xz"](tar_of({"x.log": LOG})))
    with spool_folder() as folder:
        for source in discover([str(tmp_path)], EvidenceOptions(spool_dir=folder), is_log):
            assert isinstance(source, EvidenceFile)
            assert source.seekable
            with source.open() as stream:
                assert stream.seekable()
                stream.seek(-10, os.SEEK_END)
                assert stream.read() == LOG[-10:]
                stream.seek(5)
                assert stream.read(7) == LOG[5:12]


def _sizes(sources: list[EvidenceFile]) -> list[int]:
    return [len(source.open().read()) for source in sources]


def test_sources_open_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(aes_zip_of({"x.log": LOG}, "secret"))
    (tmp_path / "b.tgz").write_bytes(COMPRESSORS["gz"](tar_of({"x.log": LOG})))
    (tmp_path / "c.7z").write_bytes(seven_zip_of({"x.log": LOG}))
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password="secret")
        sources = list(discover([str(tmp_path)], options, is_log))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            assert pool.apply(_sizes, (sources,)) == [len(LOG)] * 3
    assert not folder.exists()


def test_the_password_is_not_shown() -> None:
    options = EvidenceOptions(spool_dir=Path("x"), password="secret")
    assert "secret" not in repr(options)


def test_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    walk = discover(
        [str(tmp_path), str(tmp_path / "nothing")], EvidenceOptions(spool_dir=tmp_path), is_log
    )
    with pytest.raises(EvidenceError, match="nothing"):
        next(walk)


def test_nesting_is_bounded(tmp_path: Path) -> None:
    data = LOG
    for _ in range(4):
        data = zip_of({"x": data})
    (tmp_path / "a.zip").write_bytes(data)
    assert read_all([tmp_path / "a.zip"], max_depth=4).names == ["a.zip!x!x!x!x"]
    reading = read_all([tmp_path / "a.zip"], max_depth=3)
    assert reading.files == []
    assert "nested deeper than 3 archives" in reading.reasons


def test_an_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    # A gzip chain as deep as one likes: each layer is a step, bounded by the depth.
    data = LOG
    for _ in range(50):
        data = COMPRESSORS["gz"](data)
    (tmp_path / "a.gz").write_bytes(data)
    assert "nested deeper" in read_all([tmp_path / "a.gz"]).reasons


def test_members_are_counted_over_all_archives(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_of({f"{n}.log": LOG[:50] for n in range(10)}))
    (tmp_path / "b.tar").write_bytes(tar_of({f"{n}.log": LOG[:50] for n in range(10)}))
    (tmp_path / "c.log").write_bytes(LOG)
    reading = read_all([tmp_path / "a.zip", tmp_path / "b.tar", tmp_path / "c.log"], max_members=12)
    assert reading.names == [f"a.zip!{n}.log" for n in range(10)] + [
        "b.tar!0.log",
        "b.tar!1.log",
        "c.log",
    ]
    assert "more than 12 members" in reading.reasons


def _zeros(count: int) -> io.BytesIO:
    """A deflated zip of `count` zeros behind a log's first line, made in pieces."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("before.log", LOG)
        with archive.open("bomb.log", "w", force_zip64=True) as member:
            member.write(b"#log")
            for _ in range(count // (1 << 20)):
                member.write(bytes(1 << 20))
        archive.writestr("after.log", LOG)
    return made


def test_bomb_is_skipped_and_the_rest_read_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_zeros(300 << 20).getvalue())
    tracemalloc.start()
    reading = read_all([tmp_path / "a.zip"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.names == ["a.zip!before.log", "a.zip!after.log"]
    assert "archive bomb" in reading.reasons
    assert "unpack it yourself" in reading.reasons
    assert peak < 50 << 20


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressed_stream_stops_at_its_cap(tmp_path: Path, name: str) -> None:
    compress = COMPRESSORS[name]
    (tmp_path / "a.x").write_bytes(compress(b"#log" + bytes(4 << 20)))
    (tmp_path / "b.x").write_bytes(
        compress(tar_of({"1.log": LOG, "2.log": b"#log" + bytes(4 << 20)}))
    )
    reading = read_all(
        [tmp_path / "a.x", tmp_path / "b.x"], ratio_floor_bytes=1 << 20, max_ratio=10
    )
    sizes = {name: len(data) for name, data in reading.files}
    assert sizes["a.x"] == 1 << 20
    assert "archive bomb" in str(reading.errors[0][1])
    assert sizes["b.x!1.log"] == len(LOG)
    assert sizes["b.x!2.log"] < 1 << 20
    assert "archive bomb" in reading.reasons


def test_7z_bomb_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.7z").write_bytes(seven_zip_of({"a.log": b"#log" + bytes(4 << 20)}))
    reading = read_all([tmp_path / "a.7z"], ratio_floor_bytes=1 << 20, max_ratio=10)
    assert reading.files == []
    assert "archive bomb" in reading.reasons


def test_all_bytes_together_are_bounded(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.zip").write_bytes(zip_of({"x.log": LOG}))
    reading = read_all([tmp_path / f"{n}.zip" for n in "abc"], max_total_bytes=2 * len(LOG))
    assert reading.names == ["a.zip!x.log", "b.zip!x.log"]
    assert "all archives together" in reading.reasons


def test_spooling_leaves_room_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(COMPRESSORS["gz"](tar_of({"x.log": LOG})))
    (tmp_path / "b.log").write_bytes(LOG)
    reading = read_all([tmp_path / "a.tgz", tmp_path / "b.log"], min_free_disk_bytes=1 << 62)
    assert reading.names == ["b.log"]
    assert "nearly full" in reading.reasons
    assert "TMPDIR" in reading.reasons


@pytest.mark.parametrize(
    ("start", "word"),
    [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"vhdxfile", "VHDX"), (b"EVF\x09\x0d\x0a\xff\x00", "E01")],
)
def test_containers_that_cannot_be_read_are_named(tmp_path: Path, start: bytes, word: str) -> None:
    (tmp_path / "a").write_bytes(start + bytes(100))
    assert word in read_all([tmp_path / "a"]).reasons


def test_nothing_is_written_outside_the_spool(tmp_path: Path) -> None:
    names = ["../../up.log", "/etc/abs.log", "C:\\win\\..\\x.log", "a/../../b.log"]
    inside = tmp_path / "in"
    inside.mkdir()
    files = dict.fromkeys(names, LOG)
    (inside / "a.zip").write_bytes(zip_of(files))
    (inside / "b.tgz").write_bytes(COMPRESSORS["gz"](tar_of(files)))
    (inside / "c.7z").write_bytes(seven_zip_of(dict.fromkeys(["x/../up.log"], LOG)))
    before = sorted(tmp_path.rglob("*"))
    reading = read_all([inside / "a.zip", inside / "b.tgz", inside / "c.7z"])
    assert sorted(tmp_path.rglob("*")) == before
    shown = ["../../up.log", "/etc/abs.log", "C:/win/../x.log", "a/../../b.log"]
    assert reading.names[:8] == [f"{a}!{name}" for a in ("a.zip", "b.tgz") for name in shown]
    assert len(reading.names) == 9
    assert {data for _, data in reading.files} == {LOG}


HOSTILE_NAMES = [
    "\x1b]0;owned\x07.log",
    "line\nfeed.log",
    "nul",
    "n" * 4096,
    "<script>alert(1)</script>.log",
    "\u202egol.exe",
    "日本.log",
]


@pytest.mark.parametrize("make", [zip_of, tar_of, seven_zip_of])
def test_hostile_names_are_only_shown(tmp_path: Path, make) -> None:
    (tmp_path / "a").write_bytes(make(dict.fromkeys(HOSTILE_NAMES, LOG)))
    reading = read_all([tmp_path / "a"])
    assert reading.names == [f"a!{name}" for name in HOSTILE_NAMES]
    assert (reading.skipped, reading.errors) == ([], [])


def test_equal_names_and_case_twins_are_all_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("a.log", "A.LOG", "a.log"):
            member = tarfile.TarInfo(name)
            member.size = 10
            archive.addfile(member, io.BytesIO(LOG[:10]))
    (tmp_path / "t").write_bytes(made.getvalue())
    (tmp_path / "u").write_bytes(COMPRESSORS["zst"](made.getvalue()))
    names = [f"{t}!{name}" for t in "tu" for name in ("a.log", "A.LOG", "a.log")]
    assert read_all([tmp_path / "t", tmp_path / "u"]).names == names


def test_order_is_the_same_on_every_run(tmp_path: Path) -> None:
    for name in ("b", "a", "C", "10", "9"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.log").write_bytes(LOG)
    first, second = read_all([tmp_path]), read_all([tmp_path])
    assert first.names == second.names == sorted(first.names)


SMALL = {"one.log": LOG[:3000], "two.log": LOG[:2000], "three.exe": OTHER}
SMALL_CONTAINERS = {
    "zip": zip_of(SMALL),
    "stored zip": zip_of(SMALL, zipfile.ZIP_STORED),
    "AES zip": aes_zip_of(SMALL, "secret"),
    "tar": tar_of(SMALL),
    "7z": seven_zip_of(SMALL),
    "encrypted 7z": seven_zip_of(SMALL, "secret"),
    **{f"tar.{name}": compress(tar_of(SMALL)) for name, compress in COMPRESSORS.items()},
    **{name: compress(LOG) for name, compress in COMPRESSORS.items()},
}
UNCHECKED = ("tar", "tar.zst", "zst")  # these carry no checksum over their data
SLOW = ("encrypted 7z",)  # a quarter of a second of key derivation for every reading


@pytest.mark.parametrize("kind", SMALL_CONTAINERS)
def test_cut_off_anywhere(tmp_path: Path, kind: str) -> None:
    data = SMALL_CONTAINERS[kind]
    step = max(1, len(data) // (4 if kind in SLOW else 60))
    for end in [*range(1, len(data), step), len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:end])
        reading = read_all([tmp_path / "cut"], password="secret")
        assert reading.skipped or reading.errors or reading.not_evidence, end
        for name, content in reading.files:
            expected = SMALL.get(name.rpartition("!")[2], LOG)
            assert expected.startswith(content), (end, name)


@pytest.mark.parametrize("kind", [name for name in SMALL_CONTAINERS if name not in SLOW])
@settings(max_examples=40)
@given(data=st.data())
def test_damage_never_raises_and_is_never_silent(tmp_path_factory, kind: str, data) -> None:
    damaged = bytearray(SMALL_CONTAINERS[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damaged") / "x"
    path.write_bytes(damaged)
    reading = read_all([path], password="secret", ratio_floor_bytes=1 << 22)
    if kind not in UNCHECKED and not reading.skipped and not reading.errors:
        assert {content for _, content in reading.files} <= {LOG, *SMALL.values()}
        # All members; or one file that is no longer recognised as a container.
        assert len(reading.files) + len(reading.not_evidence) in (1, len(SMALL))


STARTS = [b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c\x00\x04", b"\x1f\x8b\x08\x00"]
STARTS += [b"\xfd7zXZ\x00\x00\x04", b"BZh91AY&SY", b"\x28\xb5\x2f\xfd", TAR[:512], b""]


@settings(max_examples=150)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=2000))
def test_any_bytes_are_accounted_for(tmp_path_factory, start: bytes, rest: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(start + rest)
    reading = read_all([path], ratio_floor_bytes=1 << 22)
    assert len(reading.files) + len(reading.not_evidence) + len(reading.skipped) >= 1


@pytest.mark.skipif(
    not Path("/usr/bin/tar").exists(), reason="needs GNU tar: SKIPPED on this system"
)
def test_archives_of_other_programs(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    long = "d" * 120
    (tmp_path / "in" / long).mkdir()
    (tmp_path / "in" / long / ("n" * 120)).write_bytes(LOG)
    for form in ("gnu", "pax", "ustar", "v7"):
        names = ["in"] if form in ("gnu", "pax") else []
        (tmp_path / "short.log").write_bytes(LOG)
        subprocess.run(
            ["tar", f"--format={form}", "-cf", f"{form}.tar", "short.log", *names],
            cwd=tmp_path,
            check=True,
        )
        reading = read_all([tmp_path / f"{form}.tar"])
        assert [data for _, data in reading.files] == [LOG] * (1 + len(names))
        assert reading.skipped == []
