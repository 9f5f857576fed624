"""Simulated evidence: the same seed gives the same bytes, and every file is what it should be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from exward.formats import registry
from exward.simulate import run
from exward.simulate.layouts import csv_logs
from exward.simulate.layouts.interface import layouts
from exward.simulate.world import DEFAULT, Host
from tests.formats.memory_source import read_all

SMALL = 700_000


def _made(folder: Path, scenario: str, **changes) -> dict[str, str]:
    folder.mkdir()
    run.simulate(run.Settings(scenario, folder, size_bytes=SMALL, **changes))
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path):
    one, same = _made(tmp_path / "1", "proxyshell"), _made(tmp_path / "2", "proxyshell")
    other = _made(tmp_path / "3", "proxyshell", seed=2)
    assert one == same
    assert set(one.values()) & set(other.values()) < set(one.values())


def test_every_file_is_read_whole_by_its_format(tmp_path: Path):
    made = _made(tmp_path / "1", "dag-spread")
    formats = set()
    for name in made:
        if name == "expected.json":
            continue
        data = (tmp_path / "1" / name).read_bytes()
        form = registry.identify(data[:65_536])
        assert form is not None, name
        reading = read_all(form, data)
        assert reading.lost == 0, (name, reading.skipped)
        assert reading.records > 0, name
        formats.add(form.NAME)
    assert formats >= {
        *("iis-w3c", "exchange-httpproxy", "exchange-ews", "exchange-rps-cmdlet", "httperr"),
        *("exchange-message-tracking", "exchange-smtp-receive", "exchange-audit-queue"),
        *("windows-json", "windows-xml", "iis-config"),
    }


def test_default_logging_has_no_sysmon_and_no_process_audit(tmp_path: Path):
    made = _made(tmp_path / "1", "proxyshell", logging=DEFAULT)
    assert not any("Sysmon" in name for name in made)
    security = (
        tmp_path / "1/evidence/EX01/C/Windows/System32/winevt/Logs/Security.jsonl"
    ).read_text()
    assert '"EventID":4624' in security
    assert '"EventID":4688' not in security


def test_the_truth_names_every_server_and_the_steps_in_order(tmp_path: Path):
    _made(tmp_path / "1", "dag-spread")
    truth = json.loads((tmp_path / "1" / "expected.json").read_text())
    assert truth["verdicts"] == {
        "EX01.contoso.example": "compromised",
        "EX02.contoso.example": "compromised",
    }
    times = [step["time"] for step in truth["steps"]]
    assert times == sorted(times)
    assert len(times) >= 5


@pytest.mark.parametrize("log", ["httpproxy-owa", "rps-cmdlet", "tracking"])
def test_a_value_with_marks_is_quoted(log: str):
    value = 'a, "b"\nc'
    layout = layouts()[log]
    column = {
        "httpproxy-owa": "UserAgent",
        "rps-cmdlet": "Parameters",
        "tracking": "message-subject",
    }[log]
    line = layout.line(Host("EX01", "10.0.0.5"), 0, {column: value}, 0)
    assert '"a, ""b""\nc"' in line


def test_httpproxy_has_the_documented_columns():
    assert len(csv_logs.HTTP_PROXY) == 74
    assert csv_logs.HTTP_PROXY[:3] == ("DateTime", "RequestId", "MajorVersion")
    assert csv_logs.HTTP_PROXY[-1] == "RoutingStatus"


@pytest.mark.parametrize("name", run.scenarios())
def test_every_scenario_says_what_has_to_be_told(name: str, tmp_path: Path):
    scenario = run.scenarios()[name]
    assert name == scenario.NAME
    assert scenario.TITLE
    _made(tmp_path / "1", name)
    truth = json.loads((tmp_path / "1" / "expected.json").read_text())
    quiet = set(truth["verdicts"].values()) == {"clean"}
    assert bool(truth["steps"]) is not quiet
