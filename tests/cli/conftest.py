"""Runs the command line as a shell would, and stands in for the scan."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exward.cli.main import main
from exward.model.result import ScanResult
from exward.scan import pipeline
from exward.scan.progress import Progress
from tests.reports.sample_result import sample_result


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@dataclass
class FakeScan:
    """Stands in for the pipeline: gives `result`, keeps the settings it was called with."""

    result: ScanResult
    calls: list[pipeline.ScanSettings] = field(default_factory=list)
    meanwhile: Callable[[Progress], None] = lambda progress: None

    def __call__(self, settings: pipeline.ScanSettings, progress: Progress) -> ScanResult:
        self.calls.append(settings)
        progress.started(3, 1000)
        self.meanwhile(progress)
        progress.advanced(1000, 20)
        progress.finished()
        return self.result

    @property
    def settings(self) -> pipeline.ScanSettings:
        """What the last scan was asked to do."""
        return self.calls[-1]


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("EXWARD_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object) -> Ended:
        code = main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeScan:
    scan = FakeScan(sample_result())
    monkeypatch.setattr(pipeline, "scan", scan)
    return scan


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "u_ex260105.log").write_text("#Software: Microsoft Internet Information Services\n")
    return folder
