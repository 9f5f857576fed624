"""Samples beside rules: what is expected of each, and what is said where it differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.model.errors import EvidenceError, UsageError
from exward.rules.regression import Case, run

INFO = """
rule_metadata:
    - id: {rule}
regression_tests_info:
    - name: Positive
      type: evtx
      path: regression_data/rules/windows/x/{evidence}
      {more}
"""
RULE = "3b1d7e0a-52f4-4c1b-9f5e-6f1f0a0c7d11"
CORRELATION = "7c0f31de-9c1c-4d6a-8d33-52f1f7a9b0aa"


def fake(counts: dict[str, dict[str, int]]):
    """Counts by file name, as if a scan had been run."""

    def count(rule_dirs, builtin, evidence):
        assert rule_dirs == ["rules"]
        assert builtin is False
        if evidence.name not in counts:
            raise EvidenceError("is no log of a known format", "", str(evidence))
        return counts[evidence.name]

    return count


def cases(root: Path, counts: dict[str, dict[str, int]]) -> list[Case]:
    return list(run(str(root), ["rules"], False, count=fake(counts)))


def upstream(tmp_path: Path, more: str = "", stated: str = "a.evtx") -> Path:
    (tmp_path / "a.evtx").touch()
    text = INFO.format(rule=RULE, evidence=stated, more=more)
    (tmp_path / "info.yml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("more", "counted", "expected", "passed"),
    [
        ("", 1, None, True),
        ("", 7, None, True),
        ("", 0, None, False),
        ("match_count: 2", 2, 2, True),
        ("match_count: 2", 1, 2, False),
        ("match_count: 0", 0, 0, True),
        ("match_count: 0", 1, 0, False),
    ],
)
def test_expected_and_counted(more, counted, expected, passed, tmp_path: Path):
    (case,) = cases(upstream(tmp_path, more), {"a.evtx": {RULE: counted} if counted else {}})
    assert (case.rule, case.expected, case.counted, case.passed) == (
        RULE,
        expected,
        counted,
        passed,
    )
    assert bool(case.note) is not passed


def test_more_matches_than_recorded_pass_and_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("exward.rules.single.positions", lambda *_: [11, 12, 13])
    (case,) = cases(upstream(tmp_path, "match_count: 2"), {"a.evtx": {RULE: 3}})
    assert case.passed
    assert case.note == "expected 2, counted 3: each of records 11, 12, 13 matches"


def test_the_note_says_what_matched_instead(tmp_path: Path):
    others = {f"other-{number}": number for number in range(1, 8)}
    (case,) = cases(upstream(tmp_path), {"a.evtx": others})
    assert case.note.startswith("expected at least 1, counted 0; other rules that matched: other-7")
    assert case.note.endswith("other-3 (3) and 2 more")


@pytest.mark.parametrize("stated", ["renamed.evtx", "..\\..\\a.evtx", "../../../../etc/a.evtx"])
def test_evidence_is_found_beside_its_description_only(stated, tmp_path: Path):
    (case,) = cases(upstream(tmp_path, stated=stated), {"a.evtx": {RULE: 1}})
    assert case.path == str(tmp_path / "a.evtx")
    assert case.passed


def test_missing_and_unreadable_evidence_are_failures(tmp_path: Path):
    upstream(tmp_path)
    (unreadable,) = cases(tmp_path, {})
    assert "no log of a known format" in unreadable.note
    (tmp_path / "a.evtx").unlink()
    (missing,) = cases(tmp_path, {})
    assert (missing.passed, missing.note) == (False, "the evidence file is missing")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a: [", "not valid YAML"),
        ("just text", "must be one map"),
        ("rule_metadata: []\nregression_tests_info: []", "names no rule"),
        (INFO.format(rule=RULE, evidence="a.evtx", more="match_count: many"), "whole number"),
        (INFO.format(rule=RULE, evidence="a.evtx", more="match_count: -1"), "whole number"),
    ],
)
def test_a_damaged_description_is_a_failure(text, note, tmp_path: Path):
    (tmp_path / "info.yml").write_text(text, "utf-8")
    (tmp_path / "a.evtx").touch()
    (case,) = cases(tmp_path, {"a.evtx": {}})
    assert not case.passed
    assert note in case.note


def own(tmp_path: Path, rule: str = f"title: x\nid: {RULE}\n") -> Path:
    (tmp_path / "rule.yml").write_text(rule, "utf-8")
    (tmp_path / "hit.log").write_text("#Fields: date\none\ntwo\n\n", "utf-8")
    (tmp_path / "hit-2.evtx").touch()
    (tmp_path / "miss.jsonl").write_text("{}\n", "utf-8")
    return tmp_path


def test_own_samples_every_line_is_a_hit_or_none(tmp_path: Path):
    own(tmp_path)
    good = {"hit.log": {RULE: 2}, "hit-2.evtx": {RULE: 5}, "miss.jsonl": {"another": 1}}
    assert [
        (Path(case.path).name, case.expected, case.passed) for case in cases(tmp_path, good)
    ] == [
        ("hit-2.evtx", None, True),
        ("hit.log", 2, True),
        ("miss.jsonl", 0, True),
    ]
    bad = {"hit.log": {RULE: 1}, "hit-2.evtx": {}, "miss.jsonl": {RULE: 1}}
    assert [case.passed for case in cases(tmp_path, bad)] == [False, False, False]


def test_beside_a_correlation_only_the_correlation_counts(tmp_path: Path):
    text = (
        f"title: base\nid: {RULE}\n---\ntitle: many\nid: {CORRELATION}\ncorrelation: {{type: x}}\n"
    )
    own(tmp_path, text)
    counts = {
        "hit.log": {RULE: 2, CORRELATION: 1},
        "hit-2.evtx": {CORRELATION: 1},
        "miss.jsonl": {RULE: 1},
    }
    found = cases(tmp_path, counts)
    assert all(case.rule == CORRELATION and case.passed for case in found)
    assert [case.expected for case in found] == [None, None, 0]


def test_a_folder_without_samples_is_wrong_usage(tmp_path: Path):
    with pytest.raises(UsageError, match="holds no samples"):
        cases(tmp_path, {})
    with pytest.raises(UsageError, match="no such folder"):
        cases(tmp_path / "absent", {})


def test_a_sigmahq_sample_through_the_real_scan(corpora: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    name = "proc_creation_win_malware_grixba_recon"
    folder = "rules-emerging-threats/2025/Malware/Grixba"
    data = corpora / "evtx-dev" / "sigma-regression" / folder / name
    rule = corpora / "sigmahq-rules" / folder / f"{name}.yml"
    (case,) = run(str(data), [str(rule)], builtin=False)
    assert case.passed, case.note
