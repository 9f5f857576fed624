"""Rules from folders, and their cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.model.errors import ContentError, UsageError
from exward.rules import library

RULE = "title: {0}\nlogsource: {{product: windows}}\ndetection: {{s: {{a: {0}}}, condition: s}}\n"


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "one.yml").write_text(RULE.format("one"))
    (folder / "two.YAML").write_text(RULE.format("two"))
    (folder / "note.txt").write_text("no rule")
    return folder


def test_the_cache_answers_until_a_file_changes(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), str(tmp_path / "cache")
    first = library.load([str(folder)], builtin=False, cache_dir=cache)
    assert sorted(rule.meta.title for rule in first.rules) == ["one", "two"]
    assert library.load([str(folder)], builtin=False, cache_dir=cache) == first
    (folder / "one.yml").write_text(RULE.format("three"))
    changed = library.load([str(folder)], builtin=False, cache_dir=cache)
    assert sorted(rule.meta.title for rule in changed.rules) == ["three", "two"]


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    folder, cache = _folder(tmp_path), tmp_path / "cache"
    first = library.load([str(folder)], builtin=False, cache_dir=str(cache))
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:-3])
    assert library.load([str(folder)], builtin=False, cache_dir=str(cache)) == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (tmp_path / "file").write_text("in the way")
    rules = library.load([str(folder)], builtin=False, cache_dir=str(tmp_path / "file" / "x"))
    assert len(rules.rules) == 2


def test_bad_files_are_listed_with_reason_and_place(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "bad.yml").write_text("title: [")
    (folder / "big.yml").write_bytes(b"#" * (3 * 1024 * 1024))
    (folder / "bomb.yml").write_text(
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "\n".join(
            f"{n}: &{n} [{','.join(['*' + p] * 9)}]"
            for p, n in zip("abcdefgh", "bcdefghi", strict=True)
        )
    )
    rules = library.load([str(folder)], builtin=False, cache_dir=str(tmp_path / "c"))
    assert len(rules.rules) == 2
    assert sorted(Path(bad.path).name.partition(":")[0] for bad in rules.unusable) == [
        "bad.yml",
        "big.yml",
        "bomb.yml",
    ]
    assert all(bad.reason for bad in rules.unusable)


def test_a_missing_or_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such"):
        library.load([str(tmp_path / "missing")], builtin=False)
    with pytest.raises(UsageError, match="no rule"):
        library.load([str(tmp_path)], builtin=False)


def test_placeholders_come_from_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "r.yml").write_text(
        "title: t\nlogsource: {product: windows}\n"
        "detection: {s: {'a|expand': '%x%'}, condition: s}\n"
    )
    values = tmp_path / "p.yml"
    values.write_text("x: [one, two]\n")
    cache = str(tmp_path / "c")
    rules = library.load([str(folder)], False, cache, str(values))
    assert rules.rules[0].notes == ()
    values.write_text("- x\n")
    with pytest.raises(ContentError, match="map"):
        library.load([str(folder)], False, cache, str(values))
