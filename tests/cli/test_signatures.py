"""YARA rules in the verbs: listed, checked, shown, scanned with."""

from __future__ import annotations

import json

import pytest

RULES = """\
rule First { condition: true }

private rule Second { meta: description = "Reads mail" score = 80 condition: filesize > 1 }
rule Third { meta: author = "x" condition: Second }
"""


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "signatures"
    folder.mkdir()
    (folder / "own.yar").write_text(RULES)
    return folder


@pytest.fixture
def only(rules, tmp_path):
    return ["--yara", rules, "--no-builtin-rules", "--cache-dir", tmp_path / "cache"]


def test_list(run, only, rules):
    (rules / "bad.yar").write_text("\nrule Bad { condition: nowhere }")
    ended = run("rules", "list", *only)
    assert ended.code == 0
    assert [line.split()[2] for line in ended.out.splitlines()] == [
        "own.yar:First", "own.yar:Second", "own.yar:Third",
    ]  # fmt: skip
    assert f"cannot be used: {rules / 'bad.yar'}:2: unknown identifier `nowhere`" in ended.err
    assert "3 rules, 1 cannot be used" in ended.err


def test_list_for_programs(run, only, rules):
    ended = run("rules", "list", "--format", "jsonl", *only)
    assert json.loads(ended.out.splitlines()[1]) == {
        "kind": "yara", "id": "own.yar:Second", "title": "Reads mail", "level": "high",
        "path": str(rules / "own.yar"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Second", "own.yar:Second"])
def test_show_gives_the_source_of_one_rule(run, only, name):
    ended = run("rules", "show", name, *only)
    assert ended.code == 0
    assert "level    high" in ended.out
    assert ended.out.endswith(RULES.splitlines()[2] + "\n")


def test_show_of_a_rule_whose_file_is_gone_says_so(run, only, rules, monkeypatch):
    from exward.yara import loading

    loaded = loading.load((str(rules),))
    monkeypatch.setattr(loading, "load", lambda paths: loaded)
    (rules / "own.yar").unlink()
    ended = run("rules", "show", "Second", *only)
    assert ended.code == 3
    assert "the rule's file cannot be read" in ended.err


def test_show_needs_a_name_that_is_the_only_one(run, only, rules):
    (rules / "other.yar").write_text("rule First { condition: false }")
    assert run("rules", "show", "First", *only).code == 2


@pytest.mark.parametrize("given", ["signatures", "signatures/own.yar"])
def test_check(run, rules, tmp_path, given):
    ended = run("rules", "check", tmp_path / given)
    assert ended.code == 0
    assert f"{rules / 'own.yar'}:1: warning yara: " in ended.out
    (rules / "own.yar").write_text("rule Bad { condition: nowhere }")
    ended = run("rules", "check", tmp_path / given)
    assert ended.code == 1
    assert f"{rules / 'own.yar'}:1: error yara: unknown identifier `nowhere`" in ended.out


def test_a_scan_names_what_it_could_not_use(run, rules, tmp_path):
    (rules / "own.yar").write_text("rule Bad { condition: nowhere }")
    (tmp_path / "page.asp").write_text("<%= now %>")
    ended = run("scan", tmp_path / "page.asp", "--yara", rules, "--no-builtin-rules")
    assert ended.code == 0
    assert f"cannot be used: {rules / 'own.yar'}:1: unknown identifier `nowhere`" in ended.err


def test_a_folder_without_rules_is_wrong_usage(run, tmp_path):
    (tmp_path / "page.asp").write_text("<%= now %>")
    ended = run("scan", tmp_path, "--yara", tmp_path)
    assert ended.code == 2
    assert "the folder holds no YARA rule" in ended.err
