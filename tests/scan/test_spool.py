"""Hits on disk come back in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.model.finding import Evidence
from exward.rules.hits import Hit
from exward.scan import spool


def test_runs_are_read_back_as_one_sorted_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "RUN", 7)
    hits = [
        Hit("r", (n * 37) % 101, "s", {"User": "ü\n"}, Evidence("f", n, n, {"a": "b"}))
        for n in range(50)
    ]
    files = []
    for share in (hits[::2], hits[1::2]):
        writer = spool.Spool(tmp_path)
        for hit in share:
            writer.add(hit)
        files += writer.close()
    assert len(files) > 4
    assert list(spool.read(files)) == sorted(hits, key=spool.order)


def test_no_hit_makes_no_file(tmp_path: Path) -> None:
    assert spool.Spool(tmp_path).close() == []
    assert list(spool.read([])) == []
