"""The user's YARA rules in a scan: beside exward's own analysis, in the same incident."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from exward.incidents.acceptance import Level, Tuning
from exward.model.errors import UsageError
from exward.model.severity import Severity
from exward.scan import signatures, work
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from exward.scan.tasks import Outcome
from exward.webshells import page
from exward.yara import loading
from exward.yara.matching import TooSlow
from tests.webshells.belonging.stock import AUTH, install, own_list

RULES = """
rule Eval { meta: description = "Runs what it is told" strings: $a = "eval" condition: $a }
rule Broken { condition: nowhere }
"""
NO_TUNING = Tuning()


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.yar").write_text(RULES)
    return folder


@pytest.fixture
def case(tmp_path):
    """An archive with a shell, a page that only the rule knows, and an ordinary one."""
    with zipfile.ZipFile(tmp_path / "case.zip", "w") as archive:
        archive.writestr("shell.asp", '<%eval request("x")%>')
        archive.writestr("known.asp", '<%= "medieval" %>')
        archive.writestr("plain.asp", "<%= now %>")
    return tmp_path / "case.zip"


def _scan(path, *rules, jobs=1, tuning=NO_TUNING):
    settings = ScanSettings(
        (str(path),), yara_dirs=tuple(map(str, rules)), builtin_rules=False, jobs=jobs,
        tuning=tuning,
    )  # fmt: skip
    return scan(settings, Silent())


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_match_is_a_finding_and_joins_what_exward_found(case, rules, jobs):
    result = _scan(case, rules, jobs=jobs)
    found = {(one.detector, one.path.rpartition("!")[2]) for one in result.findings}
    assert found == {("webshell", "shell.asp"), ("yara", "shell.asp"), ("yara", "known.asp")}
    (story,) = (one for one in result.incidents if len(one.steps[0].findings) == 2)
    assert f"file={case}!shell.asp" in story.joined_by
    assert result.skipped == ()


def test_rules_are_counted_with_those_that_cannot_be_used(case, rules):
    result = _scan(case, rules)
    assert (result.run.rules_loaded, result.run.rules_unusable) == (1, 1)
    rows = {row.rule: (row.could_fire, row.usable, row.path) for row in result.rules}
    broken = f"{rules / 'own.yar'}:3"
    assert rows == {
        "own.yar:Eval": (True, True, str(rules / "own.yar")), broken: (False, False, broken),
    }  # fmt: skip


def test_without_a_web_file_no_rule_could_match(tmp_path, rules):
    (tmp_path / "notes.txt").write_text("nothing")
    (row,) = (row for row in _scan(tmp_path / "notes.txt", rules).rules if row.usable)
    assert (row.could_fire, row.reason) == (False, "no web file in the evidence")


def test_a_folder_without_rules_is_refused_before_anything_is_read(case, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no YARA rule"):
        _scan(case, tmp_path / "empty")


def test_rules_that_are_all_broken_leave_the_scan_as_it_is(case, tmp_path):
    (tmp_path / "bad.yar").write_text("rule")
    result = _scan(case, tmp_path / "bad.yar")
    assert {one.detector for one in result.findings} == {"webshell"}
    assert result.run.rules_unusable == 1


def test_a_stock_file_that_fits_is_told_as_exchanges_own(tmp_path, rules):
    (tmp_path / "stock").mkdir()
    with own_list(tmp_path / "stock"):
        home = install(tmp_path / "EX01")
        (rules / "all.yar").write_text("rule All { meta: score = 90 condition: true }")
        result = _scan(tmp_path / "EX01", rules)
    found = [one for one in result.findings if one.rule == "all.yar:All"]
    assert found != []
    assert {one.severity for one in found} == {Severity.INFORMATIONAL}
    assert any(one.path.startswith(str(home / AUTH)) for one in found)
    assert result.incidents == ()


def test_the_user_changes_the_level_of_a_rule(case, rules):
    level = Level(id="l1", rule="own.yar:Eval", level="low", why="noisy", who="me")
    result = _scan(case, rules, tuning=Tuning(levels=(level,)))
    assert {one.severity for one in result.findings if one.detector == "yara"} == {Severity.LOW}
    assert [one.standing for one in result.acceptances] == ["used"]


def test_rules_that_take_too_long_on_a_file_are_a_loss(case, rules, monkeypatch):
    class Slow:
        def match(self, path, data):
            raise TooSlow

    monkeypatch.setattr(signatures, "_matcher", lambda file: Slow())
    outcome = Outcome([], [], {}, set(), [], [], 1, [])
    work._match("rules", "x.asp", (b"x", 9), outcome)
    (loss,) = outcome.skipped
    assert (loss.source, outcome.signatures) == ("x.asp", [])
    assert "YARA rules: they took more than" in loss.reason


def test_a_page_that_its_analysis_fails_on_is_matched_all_the_same(case, rules, monkeypatch):
    def broken(path, data, sha256):
        raise RecursionError("too deep")

    monkeypatch.setattr(page, "weigh", broken)
    result = _scan(case, rules)
    assert {one.detector for one in result.findings} == {"yara"}
    assert {loss.reason for loss in result.skipped} == {
        "its code was not judged: RecursionError: too deep"
    }
    (row,) = result.web_files
    assert row.no_baseline == 3


def test_compiled_rules_are_written_once(tmp_path, rules):
    held = signatures.Signatures(loading.load((str(rules),)))
    assert held.stored(tmp_path) == str(tmp_path / "signatures.yarc")
    assert signatures.Signatures().stored(tmp_path) == ""


def test_what_else_lies_in_a_web_folder_is_matched_too(tmp_path, rules):
    folder = tmp_path / "EX01" / "inetpub" / "wwwroot" / "aspnet_client"
    folder.mkdir(parents=True)
    (folder / "tool.exe").write_bytes(b"MZ medieval")
    (folder / "large.bin").write_bytes(b"eval" + bytes(page.MAX_PROGRAM_BYTES))
    (tmp_path / "EX01" / "elsewhere.exe").write_bytes(b"MZ medieval")
    result = _scan(tmp_path / "EX01", rules)
    assert sorted(Path(one.path).name for one in result.findings) == ["large.bin", "tool.exe"]
    (whole,) = (one for one in result.findings if one.path.endswith("tool.exe"))
    assert len(whole.sha256) == 64
    (loss,) = result.skipped
    assert loss.reason == "only the first 16 MiB of this file were judged"
    assert result.run.files_not_evidence == 1
    assert _scan(tmp_path / "EX01").findings == ()
