"""Files and folders: order, links, pipes, names, permissions, paths given twice."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from exward.evidence.disk import DiskFile, walk_disk
from exward.evidence.streams import open_regular, system_path
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX files only: SKIPPED on Windows")


def _walk(*paths: Path | str) -> tuple[list[str], list[tuple[str, str]]]:
    found = list(walk_disk([str(path) for path in paths]))
    files = [one.path for one in found if isinstance(one, DiskFile)]
    return files, [(one.source, one.reason) for one in found if isinstance(one, Skipped)]


def test_order_and_paths_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/2", "b/1", "a", "c/d/e"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    names = [str(Path("in") / name) for name in ("a", "b/1", "b/2", "c/d/e")]
    assert _walk("in") == (names, [])
    (shown,) = _walk("./in/c")[0]
    assert shown.startswith("./in/c")  # as given, not tidied up


@posix_only
def test_links_are_followed_only_where_given(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.log").write_bytes(b"x")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "file").symlink_to(tmp_path / "real" / "a.log")
    (tmp_path / "in" / "broken").symlink_to("nowhere")
    files, skipped = _walk(tmp_path / "in")
    assert files == []
    assert [reason for _, reason in skipped] == ["symbolic link not followed"] * 4
    assert _walk(tmp_path / "in" / "folder")[0] == [str(tmp_path / "in" / "folder" / "a.log")]
    assert _walk(tmp_path / "in" / "file")[0] == [str(tmp_path / "in" / "file")]


@posix_only
def test_pipes_sockets_and_devices_are_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        files, skipped = _walk(tmp_path, "/dev/null")
    assert files == []
    assert [reason for _, reason in skipped] == ["not a regular file"] * 3
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(str(tmp_path / "pipe"))


@posix_only
def test_a_link_that_took_a_files_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        open_regular(str(tmp_path / "a"))


@posix_only
def test_unreadable_folder_is_said_and_the_rest_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything: permission test SKIPPED")
    (tmp_path / "a").mkdir(mode=0)
    (tmp_path / "b").write_bytes(b"x")
    files, skipped = _walk(tmp_path)
    (tmp_path / "a").chmod(0o700)
    assert files == [str(tmp_path / "b")]
    assert skipped == [(str(tmp_path / "a"), "cannot be opened: Permission denied")]


def test_what_vanishes_is_said(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"x")
    walk = walk_disk([str(tmp_path)])
    next(walk)
    (tmp_path / "b").unlink()
    assert [type(one) for one in walk] == [Skipped]


@pytest.mark.parametrize("path", ["nothing/here", "nul\0byte", ""])
def test_missing_paths(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if path:
        with pytest.raises(EvidenceError):
            next(walk_disk([path]))
    else:
        # The empty path is the working folder for pathlib; nothing lies in it here.
        assert list(walk_disk([path])) == []


@posix_only
def test_a_loop_of_links_is_a_missing_path(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(EvidenceError):
        next(walk_disk([str(tmp_path / "a")]))


def test_what_was_given_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in2").mkdir()
    for name in ("in/a", "in/b", "in2/c"):
        (tmp_path / name).write_bytes(b"x")
    files, _ = _walk(tmp_path / "in" / "a", tmp_path / "in", tmp_path / "in", tmp_path / "in2")
    assert files == [str(tmp_path / name) for name in ("in/a", "in/b", "in2/c")]


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes: SKIPPED outside Linux")
def test_names_of_any_bytes(tmp_path: Path) -> None:
    names = [b"\xff\xfe.log", b"a\nb", b"\x1b[31m", b"n" * 255]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"x")
    files, skipped = _walk(tmp_path)
    assert sorted(os.fsencode(Path(file).name) for file in files) == sorted(names)
    assert skipped == []


@posix_only
def test_folders_deeper_than_a_path_may_be_long(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(30):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    Path("deep").write_bytes(b"x")
    os.chdir(tmp_path)
    files, skipped = _walk(tmp_path)
    assert files == []
    assert len(skipped) == 1
    assert "File name too long" in skipped[0][1]


@pytest.mark.skipif(os.name == "nt", reason="SKIPPED on Windows, where the prefix is added")
def test_long_paths_stay_as_they_are() -> None:
    assert system_path("x" * 300) == "x" * 300
