"""The sample intrusion: reproducible, small, one story through the chain."""

from __future__ import annotations

import importlib
from importlib import resources
from pathlib import Path

import pytest

from exward.model.incident import Verdict
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent

SAMPLE = Path(str(resources.files("exward") / "content" / "sample"))
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
MAX_BYTES = 800_000


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_script_reproduces_the_shipped_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    importlib.import_module("make_sample").main(tmp_path / "sample")
    shipped = _files(SAMPLE)
    assert _files(tmp_path / "sample") == shipped
    assert sum(map(len, shipped.values())) < MAX_BYTES


def test_the_story_goes_through_the_chain(tmp_path: Path):
    settings = ScanSettings(paths=(str(SAMPLE),), cache_dir=str(tmp_path), jobs=1)
    result = scan(settings, Silent())
    (verdict,) = result.verdicts
    assert verdict.verdict is Verdict.COMPROMISED
    story = max(result.incidents, key=lambda incident: len(incident.steps))
    assert len(story.steps) >= 10
    assert result.skipped == ()
