"""The whole program on the bundled sample, as a user starts it."""

import subprocess
import sys

import pytest

from exward.cli import health, sample
from exward.model.errors import ContentError
from exward.model.incident import Verdict
from exward.model.severity import Severity
from exward.reports import load


def start(*args):
    command = [sys.executable, "-m", "exward", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    results, report = folder / "r.jsonl", folder / "r.html"
    ended = start("demo", "--format", "jsonl", "--output", results, "--report", report)
    return ended, results, report


def test_the_sample_is_a_compromised_server_with_a_story(demo):
    ended, results, _ = demo
    result = load.load(results)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert [one.verdict for one in result.verdicts] == [Verdict.COMPROMISED]
    assert any(one.severity is Severity.CRITICAL for one in result.findings)
    assert max(len(one.steps) for one in result.incidents) >= 5
    assert not result.skipped


def test_the_same_evidence_gives_the_same_findings(demo, tmp_path):
    again = tmp_path / "again.jsonl"
    start("scan", sample.sample_path(), "--jobs", 2, "--format", "jsonl", "--output", again)
    first, second = load.load(demo[1]), load.load(again)
    assert first.findings == second.findings
    assert first.incidents == second.incidents
    assert first.coverage == second.coverage


def test_the_report_is_one_page(demo):
    page = demo[2].read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "compromised" in page.lower()


def test_a_level_leaves_the_lesser_findings_out(demo, tmp_path):
    path = tmp_path / "r.jsonl"
    start("demo", "--level", "critical", "--format", "jsonl", "--output", path)
    found = load.load(path).findings
    assert {one.severity for one in found} == {Severity.CRITICAL}
    assert len(found) < len(load.load(demo[1]).findings)


def test_a_time_without_records_is_no_clean_bill(tmp_path):
    path = tmp_path / "r.jsonl"
    ended = start("demo", "--to", "2001-01-01", "--format", "jsonl", "--output", path)
    assert ended.returncode in {0, 4}
    assert load.load(path).findings == ()
    assert Verdict.CLEAN not in {one.verdict for one in load.load(path).verdicts}


def test_a_damaged_file_is_skipped_and_the_rest_is_read(demo, tmp_path):
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (evidence / "torn.zip").write_bytes(b"PK\x03\x04" + b"\xff" * 5000)
    path = tmp_path / "r.jsonl"
    ended = start(
        "scan", evidence, sample.sample_path(), "--fail-on", "never",
        "--format", "jsonl", "--output", path,
    )  # fmt: skip
    result = load.load(path)
    assert ended.returncode == 4
    assert any("torn.zip" in one.source for one in result.skipped)
    assert [one.id for one in result.findings] == [one.id for one in load.load(demo[1]).findings]


def test_doctor_finds_nothing_wrong():
    ended = start("doctor")
    assert ended.returncode == 0, ended.stdout
    assert "self-test" in ended.stdout
    assert "broken" not in ended.stdout


def test_doctor_says_what_is_broken(run, monkeypatch):
    def gone():
        raise ContentError("the bundled sample is missing", "install exward again", "sample")

    monkeypatch.setattr(health, "sample_path", gone)
    ended = run("doctor")
    assert ended.code == 3
    assert "broken   self-test        sample: the bundled sample is missing" in ended.out
    assert "→ install exward again" in ended.out


def test_doctor_does_not_take_any_verdict_for_the_right_one(run, monkeypatch, tmp_path):
    (tmp_path / "u_ex.log").write_text("#Software: Microsoft Internet Information Services 10.0\n")
    monkeypatch.setattr(health, "sample_path", lambda: str(tmp_path))
    assert run("doctor").code == 3


def test_doctor_warns_of_a_cache_that_cannot_be_written(run, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    check = health.cache_folder(blocked / "cache")
    assert check.state == health.WARNING
    assert "--cache-dir" in check.hint
