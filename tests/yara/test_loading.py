"""Rules from folders: all that can be used, and a place and a reason for all that cannot."""

from __future__ import annotations

import sys

import pytest

from exward.model.errors import UsageError
from exward.model.severity import Severity
from exward.yara import loading
from exward.yara.loading import Signature, load
from exward.yara.matching import Matcher

GOOD = 'rule Same { meta: description = "Seen before" score = 85 strings: $a = "x" condition: $a }'


def _names(loaded, data=b"x", path="a/b.aspx"):
    return [one.identifier for one in Matcher(loaded.compiled).match(path, data)]


def test_no_folder_is_no_rule():
    assert load(()) == loading.Loaded()


def test_every_file_is_a_namespace_of_its_own(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.yar").write_text(GOOD)
    (tmp_path / "deep" / "b.YARA").write_text(GOOD)
    (tmp_path / "readme.txt").write_text("rule")
    loaded = load((str(tmp_path), str(tmp_path / "a.yar")))
    assert loaded.signatures == (
        Signature("a.yar:Same", "Seen before", Severity.HIGH, str(tmp_path / "a.yar")),
        Signature(
            "deep/b.YARA:Same", "Seen before", Severity.HIGH, str(tmp_path / "deep" / "b.YARA")
        ),
    )
    assert (loaded.broken, _names(loaded)) == ((), ["Same", "Same"])


def test_folders_with_files_of_one_name_do_not_mix(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yar").write_text(GOOD)
    loaded = load((str(tmp_path / "one"), str(tmp_path / "two")))
    assert [one.id for one in loaded.signatures] == [
        f"{(tmp_path / 'two' / 'a.yar').as_posix()}:Same", "a.yar:Same",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("rule A { condition: nowhere }", 1, "unknown identifier `nowhere`"),
        ("\nrule A { strings $a = 1 }", 2, "syntax error"),
        ('include "/etc/passwd"', 1, "include"),
        ('import "androguard"', 1, "unknown module `androguard`"),
        ("rule A { condition: true } rule A { condition: true }", 1, "duplicate rule `A`"),
        (b"rule \xff { condition: true }", 0, "is not UTF-8 text"),
    ],
)
def test_a_broken_file_is_named_and_the_rest_is_used(tmp_path, text, line, reason):
    bad = tmp_path / "bad.yar"
    bad.write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "good.yar").write_text(GOOD)
    loaded = load((str(tmp_path),))
    problem = loaded.broken[0]
    assert (problem.path, problem.line) == (str(bad), line)
    assert {one.path for one in loaded.broken} == {str(bad)}
    assert reason in problem.reason
    assert "Same" in _names(loaded)


def test_a_broken_rule_leaves_the_others_of_its_file(tmp_path):
    (tmp_path / "a.yar").write_text(f"rule Bad {{ condition: nowhere }}\n{GOOD}")
    loaded = load((str(tmp_path),))
    assert [one.where for one in loaded.broken] == [f"{tmp_path / 'a.yar'}:1"]
    assert _names(loaded) == ["Same"]


def test_a_file_that_is_too_large_or_unreadable_is_a_loss(tmp_path, monkeypatch):
    (tmp_path / "large.yar").write_text(GOOD)
    monkeypatch.setattr(loading, "MAX_FILE_BYTES", 10)
    (problem,) = load((str(tmp_path),)).broken
    assert problem.where == str(tmp_path / "large.yar")
    assert problem.reason == "is larger than 10 bytes"


def test_a_rule_with_a_warning_is_used(tmp_path):
    (tmp_path / "a.yar").write_text("rule Always { condition: true }")
    loaded = load((str(tmp_path),))
    assert [one.line for one in loaded.warnings] == [1]
    assert _names(loaded) == ["Always"]


def test_without_the_engine_rules_are_refused_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "a.yar").write_text(GOOD)
    monkeypatch.setitem(sys.modules, "yara_x", None)
    assert load(()) == loading.Loaded()
    with pytest.raises(UsageError, match="need the package yara-x"):
        load((str(tmp_path),))


@pytest.mark.parametrize("name", ["", "none"])
def test_a_folder_without_rules_is_wrong_usage(tmp_path, name):
    with pytest.raises(UsageError):
        load((str(tmp_path / name),))
