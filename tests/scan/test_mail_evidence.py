"""Mail in the evidence of a scan: what is read of it, and what follows in the logs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.simulate import run
from tests.mail.letters import letter


@pytest.fixture(scope="module")
def takeover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takeover")
    run.simulate(run.Settings("mailbox-takeover", folder, size_bytes=1_500_000))
    return folder / "evidence"


def told(path: Path, **changes: object) -> ScanResult:
    return scan(replace(ScanSettings(paths=(str(path),)), **changes), Silent())  # type: ignore[arg-type]


def test_any_number_of_workers_says_the_same(takeover: Path) -> None:
    one, two = told(takeover, jobs=1), told(takeover, jobs=2)
    assert one.findings == two.findings
    assert one.incidents == two.incidents
    assert one.run.settings["mail"].startswith("1 messages or verdicts, 1 harmful, in 4 mailboxes")


def test_a_level_leaves_the_story_whole(takeover: Path) -> None:
    whole, cut = told(takeover), told(takeover, level=Severity.MEDIUM)
    assert [one.rule for one in cut.findings] == [
        one.rule for one in whole.findings if one.severity.rank >= Severity.MEDIUM.rank
    ]
    assert {one.title for one in cut.incidents} == {one.title for one in whole.incidents}


def test_a_message_outside_of_the_time_wanted_counts_for_nothing(takeover: Path) -> None:
    late = 1_772_496_000_000_000 + 10 * 3_600_000_000
    assert not [one for one in told(takeover, time_from=late).findings if one.detector == "mail"]


def test_without_the_message_each_sign_is_small(takeover: Path, tmp_path: Path) -> None:
    shutil.copytree(takeover, tmp_path / "copy", ignore=shutil.ignore_patterns("*.eml"))
    result = told(tmp_path)
    assert result.incidents == ()
    assert "mail" not in result.run.settings


def test_wanted_mail_says_nothing_and_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(letter())
    result = told(tmp_path)
    assert (result.run.files, result.run.records, result.run.files_not_evidence) == (1, 1, 0)
    assert result.findings == ()
    assert result.verdicts == ()
    assert result.skipped == ()


def test_a_message_without_logs_is_a_finding_that_decides_nothing(
    takeover: Path, tmp_path: Path
) -> None:
    (found,) = takeover.rglob("*.eml")
    (tmp_path / "a.eml").write_bytes(found.read_bytes())
    result = told(tmp_path)
    (one,) = result.findings
    assert (one.rule, one.severity, one.title) == ("harmful-message", "low", "Phishing Message")
    assert [verdict.verdict.value for verdict in result.verdicts] == ["cannot-tell"]
    assert result.incidents == ()
