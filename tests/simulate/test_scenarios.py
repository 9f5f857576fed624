"""Every simulated attack is found whole, and told as one story with the right verdict."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.scan import pipeline
from exward.scan.pipeline import ScanSettings
from exward.scan.progress import Silent
from exward.simulate import run

SIZE = 1_500_000
QUIET = ("benign", "updated")
NEAR = 60_000_000
"""µs: an act is logged while it goes on, or when it has ended."""
MEDIUM = Severity.MEDIUM.rank


def micros(text: str) -> int:
    """µs since 1970 of the time that a step is expected at."""
    return int(datetime.fromisoformat(text).timestamp() * 1_000_000)


def scan(folder: Path, scenario: str, seed: int = 1) -> ScanResult:
    run.simulate(run.Settings(scenario, folder, seed=seed, size_bytes=SIZE))
    return pipeline.scan(ScanSettings(paths=(str(folder / "evidence"),)), Silent())


@pytest.mark.parametrize("scenario", [name for name in run.scenarios() if name not in QUIET])
def test_an_attack_is_one_story_with_each_of_its_steps(tmp_path: Path, scenario: str) -> None:
    result = scan(tmp_path, scenario)
    expected = json.loads((tmp_path / "expected.json").read_text())
    verdicts = {one.server: one.verdict.value for one in result.verdicts}
    assert verdicts == expected["verdicts"]
    assert len(result.incidents) == 1
    told = {step.stage.value for step in result.incidents[0].steps}
    assert {step["stage"] for step in expected["steps"]} == told
    order = [step.stage.order for step in result.incidents[0].steps]
    assert order == sorted(set(order))
    times = {step.stage.value: (step.first, step.last) for step in result.incidents[0].steps}
    for step in expected["steps"]:
        first, last = times[step["stage"]]
        assert first is not None
        assert last is not None
        assert first - NEAR <= micros(step["time"]) <= last + NEAR, step
    in_story = {found for step in result.incidents[0].steps for found in step.findings}
    loose = [
        one.title
        for one in result.findings
        if one.severity.rank >= MEDIUM and one.id not in in_story
    ]
    assert loose == []
    assert result.skipped == ()


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_server_that_is_used_as_it_should_is_clean(tmp_path: Path, seed: int) -> None:
    result = scan(tmp_path, "benign", seed)
    assert [one.verdict.value for one in result.verdicts] == ["clean"]
    assert [one.title for one in result.findings if one.severity.rank >= MEDIUM] == []


def test_an_update_explains_what_it_does(tmp_path: Path) -> None:
    result = scan(tmp_path, "updated")
    assert [one.verdict.value for one in result.verdicts] == ["clean"]
    assert [one.title for one in result.findings if one.explained] != []


def test_the_shell_s_commands_stand_below_its_application_pool(tmp_path: Path) -> None:
    (incident,) = scan(tmp_path, "proxyshell").incidents
    pool, *rest = incident.processes
    assert pool.pool == "MSExchangeOWAAppPool"
    assert any(one.parent == pool.id and one.findings for one in rest)
