"""`exward accept`: the entry that the flags say, in a file that stays readable."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from exward.incidents import acceptance_file
from exward.reports import jsonl
from exward.reports.load import load
from tests.reports.sample_result import sample_result


def test_adds_entries_one_below_the_other(run, tmp_path: Path):
    file = tmp_path / "risks.yml"
    for user in ("a", "b"):
        ended = run("accept", file, "--rule", "r", "--account", user, "--why", "w: #", "--who", "m")
        assert ended.code == 0
    tuning = acceptance_file.load(file)
    assert [one.account for one in tuning.entries] == ["a", "b"]
    assert len({one.id for one in tuning.entries}) == 2
    today = datetime.datetime.now(datetime.UTC).date()
    assert tuning.entries[0].until == today + datetime.timedelta(days=90)


def test_takes_what_a_finding_says(run, tmp_path: Path):
    results, file = tmp_path / "r.jsonl", tmp_path / "risks.yml"
    results.write_text("".join(jsonl.render(sample_result())), encoding="utf-8")
    wanted = sample_result().findings[0]
    ended = run("accept", file, "--results", results, "--finding", wanted.id, "--why", "w")
    assert ended.code == 0
    (entry,) = acceptance_file.load(file).entries
    assert (entry.rule, entry.server, entry.account, entry.source_ip) == (
        wanted.rule,
        wanted.server,
        wanted.account,
        wanted.source_ip,
    )


def test_of_a_file_its_content_is_accepted_and_no_other(run, tmp_path: Path):
    case, results, file = tmp_path / "case", tmp_path / "r.jsonl", tmp_path / "risks.yml"
    shell = case / "C" / "inetpub" / "wwwroot" / "tool.asp"
    shell.parent.mkdir(parents=True)
    shell.write_bytes(b'<%eval request("x")%>')
    scan = ("scan", case, "--format", "jsonl", "--output", results)
    assert run(*scan).code == 1
    (found,) = load(results).findings
    assert run(
        "accept", file, "--results", results, "--finding", found.id, "--why", "ours"
    ).code == 0  # fmt: skip
    assert run(*scan, "--accepted", file).code == 0
    (found,) = load(results).findings
    assert found.accepted
    shell.with_name("other.asp").write_bytes(b'<%eval request("y")%>')
    assert run(*scan, "--accepted", file).code == 1
    assert {bool(one.accepted) for one in load(results).findings} == {True, False}


def test_a_star_in_evidence_is_no_wildcard(run, tmp_path: Path):
    results, file = tmp_path / "r.jsonl", tmp_path / "risks.yml"
    result = sample_result()
    hostile = replace(result.findings[0], account="*")
    text = "".join(jsonl.render(replace(result, findings=(hostile, *result.findings[1:]))))
    results.write_text(text, encoding="utf-8")
    assert run(
        "accept", file, "--results", results, "--finding", hostile.id, "--why", "w"
    ).code == 0  # fmt: skip
    assert acceptance_file.load(file).entries[0].account == "?"


def test_changes_a_level_and_takes_fields(run, tmp_path: Path):
    file = tmp_path / "risks.yml"
    assert run("accept", file, "--rule", "r", "--to-level", "low", "--why", "w").code == 0
    ended = run(
        "accept", file, "--rule", "r", "--field", "CommandLine=*a=b*", "--until", "never", "--why",
        "w",
    )  # fmt: skip
    assert ended.code == 0
    tuning = acceptance_file.load(file)
    assert tuning.levels[0].level == "low"
    assert tuning.entries[0].fields == {"CommandLine": "*a=b*"}
    assert tuning.entries[0].until is None


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (["--why", "w"], "rule"),
        (["--rule", "r", "--why", "w", "--until", "2001-01-01"], "past"),
        (["--rule", "r", "--why", "w", "--until", "9999d"], "far"),
        (["--rule", "r", "--why", "w", "--until", "soon"], "date"),
        (["--rule", "r", "--why", "w", "--field", "x"], "NAME=VALUE"),
        (["--finding", "x", "--why", "w"], "both"),
        (["--rule", "*", "--why", "w"], "wildcards"),
        (["--rule", "r", "--why", " "], "why"),
        (["--rule", "r", "--why", "w", "--source-ip", "here"], "here"),
    ],
)
def test_refuses_what_makes_no_entry_and_leaves_the_file_alone(run, tmp_path, flags, word):
    file = tmp_path / "risks.yml"
    ended = run("accept", file, *flags)
    assert ended.code in {2, 3}
    assert word in ended.err
    assert not file.exists()


def test_does_not_add_to_a_file_that_is_no_list(run, tmp_path: Path):
    file = tmp_path / "other.yml"
    file.write_text("key: value\n")
    assert run("accept", file, "--rule", "r", "--why", "w").code != 0
    assert file.read_text() == "key: value\n"
