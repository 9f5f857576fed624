"""The spool: pieces behind each other, private, gone at the end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import Spool, spool_folder
from exward.model.errors import EvidenceError


def test_pieces_are_kept_and_removed_with_the_folder(tmp_path: Path) -> None:
    with spool_folder(tmp_path) as folder:
        spool = Spool(EvidenceOptions(spool_dir=folder))
        kept = [spool.keep([b"one"])[0], spool.keep([b"tw", b"o"])[0], spool.keep([])[0]]
        assert [blob.open("").read() for blob in kept] == [b"one", b"two", b""]
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert stat.S_IMODE(Path(kept[0].disk_path).stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


def _failing(error: Exception) -> Iterator[bytes]:
    yield b"before"
    raise error


@pytest.mark.parametrize("error", [EvidenceError("damaged"), OSError("unreadable")])
def test_what_came_before_an_error_is_kept(tmp_path: Path, error: Exception) -> None:
    spool = Spool(EvidenceOptions(spool_dir=tmp_path))
    blob, problem = spool.keep(_failing(error))
    assert problem is error
    assert blob.open("").read() == b"before"


def test_a_piece_that_does_not_fit_leaves_no_trace(tmp_path: Path) -> None:
    spool = Spool(EvidenceOptions(spool_dir=tmp_path))
    first = spool.keep([b"first"])[0]
    full = Spool(EvidenceOptions(spool_dir=tmp_path, min_free_disk_bytes=1 << 62))
    with pytest.raises(EvidenceError, match="nearly full"):
        full.keep([b"second"])
    assert Path(first.disk_path).read_bytes() == b"first"


def test_limits_count_over_all_calls(tmp_path: Path) -> None:
    spool = Spool(EvidenceOptions(spool_dir=tmp_path, max_members=2, max_total_bytes=10))
    spool.expand(6)
    spool.expand(4)
    with pytest.raises(EvidenceError, match="more than 10 bytes"):
        spool.expand(1)
    spool.count_member()
    spool.count_member()
    with pytest.raises(EvidenceError, match="more than 2 members"):
        spool.count_member()
