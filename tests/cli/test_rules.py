import json
from pathlib import Path

import pytest

RULE = """\
title: Test Rule
id: 5f0ac2b1-93ad-4a65-8a50-4c1f7f7a4d10
name: test_rule
status: experimental
description: Finds a process named evil, for the tests of the command line.
references:
    - https://example.org/
author: exward project
date: 2026-03-02
tags:
    - attack.execution
    - attack.t1059
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\\\evil.exe'
    condition: selection
falsepositives:
    - None known
level: high
"""


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "rule.yml").write_text(RULE)
    return folder


@pytest.fixture
def only(rules, tmp_path):
    return ["--rules", rules, "--no-builtin-rules", "--cache-dir", tmp_path / "cache"]


def test_list(run, only):
    ended = run("rules", "list", *only)
    assert ended.code == 0
    assert ended.out.split() == [
        "high", "experimental", "5f0ac2b1-93ad-4a65-8a50-4c1f7f7a4d10", "Test", "Rule",
    ]  # fmt: skip
    assert "1 rules, 0 cannot be used" in ended.err


def test_list_names_what_cannot_be_used(run, only, rules):
    (rules / "broken.yml").write_text("title: Broken\ndetection: [\n")
    ended = run("rules", "list", *only)
    assert ended.code == 0
    assert "broken.yml" in ended.err
    assert "1 rules, 1 cannot be used" in ended.err


def test_list_for_programs(run, only):
    (line,) = run("rules", "list", "--format", "jsonl", *only).out.splitlines()
    entry = json.loads(line)
    assert (entry["kind"], entry["title"], entry["level"]) == ("rule", "Test Rule", "high")
    assert entry["logsource"]["category"] == "process_creation"


@pytest.mark.parametrize("name", ["5f0ac2b1-93ad-4a65-8a50-4c1f7f7a4d10", "TEST_RULE", "test rule"])
def test_show_finds_a_rule_by_id_name_or_title(run, only, name):
    ended = run("rules", "show", name, *only)
    assert ended.code == 0
    assert "id       5f0ac2b1" in ended.out
    assert "Image|endswith" in ended.out


def test_show_of_an_unknown_rule(run, only):
    ended = run("rules", "show", "nothing", *only)
    assert ended.code == 2
    assert "nothing: no rule has this id" in ended.err


def test_show_of_too_vague_a_title(run, only, rules):
    other = (
        RULE.replace("5f0ac2b1", "6f0ac2b1")
        .replace("test_rule", "other")
        .replace("Test R", "A Test R")
    )
    (rules / "other.yml").write_text(other)
    ended = run("rules", "show", "rule", *only)
    assert ended.code == 2
    assert "2 rules fit" in ended.err


def test_show_does_not_let_a_rule_drive_the_terminal(run, only, rules):
    (rules / "rule.yml").write_text(RULE + "# \x9b2J \u202e\n", "utf-8")
    ended = run("rules", "show", "test_rule", *only)
    assert "\x9b" not in ended.out
    assert "\u202e" not in ended.out


def test_check_accepts_a_sound_rule(run, rules):
    ended = run("rules", "check", rules)
    assert "error: 0" in ended.err
    assert ended.code == 0


def test_check_names_file_line_and_what_to_do(run, rules):
    (rules / "rule.yml").write_text(RULE.replace("condition: selection", "condition: selektion"))
    ended = run("rules", "check", rules)
    assert ended.code == 1
    assert f"{rules / 'rule.yml'}:" in ended.out
    assert ": error " in ended.out


@pytest.mark.parametrize(("image", "code"), [("evil.exe", 0), ("good.exe", 1)])
def test_test_counts_hits_in_samples(run, rules, image, code):
    record = {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                "EventID": 1,
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "Computer": "EX01",
                "EventRecordID": 7,
                "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T02:14:09.000000Z"}},
            },
            "EventData": {"Image": f"C:\\Windows\\{image}"},
        }
    }
    (rules / "hit.jsonl").write_text(json.dumps(record) + "\n")
    ended = run("rules", "test", rules, "--rules", rules, "--no-builtin-rules")
    assert ended.code == code, ended
    assert ended.out.endswith("1 passed, 0 failed\n" if code == 0 else "0 passed, 1 failed\n")


def test_test_without_samples_is_wrong_usage(run, rules, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("rules", "test", empty).code == 2


def test_no_rules_at_all_is_wrong_usage(run):
    assert run("rules", "list", "--no-builtin-rules").code == 2


REHEARSED = """
title: Script in the auth folder
id: 0a6a1a1e-8f0c-4f6e-9c58-2f6f3b0c0009
logsource: {category: webserver}
detection: {sel: {cs-uri-stem|contains: /owa/auth/x}, condition: sel}
"""
LOG = (
    "#Software: Microsoft Internet Information Services 10.0\n"
    "#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status\n"
    "2026-01-05 02:00:00 10.0.0.5 GET /owa/auth/x\x1b[31m.aspx 203.0.113.9 200\n"
    "2026-01-05 03:00:00 10.0.0.5 GET /owa/auth/x.aspx 203.0.113.9 200\n"
    "2026-01-05 04:00:00 10.0.0.5 GET /owa/ 203.0.113.9 200\n"
)


def test_rehearses_a_rule_on_the_users_own_past(run, tmp_path: Path):
    rule, log = tmp_path / "rule.yml", tmp_path / "u_ex.log"
    rule.write_text(REHEARSED)
    log.write_text(LOG)
    ended = run("rules", "test", rule, "--against", log)
    assert ended.code == 0
    assert "2         1  Script in the auth folder" in ended.out
    assert "203.0.113.9 2" in ended.out
    assert "\x1b" not in ended.out


def test_says_why_a_rehearsed_rule_could_not_fire(run, tmp_path: Path):
    rule, log = tmp_path / "rule.yml", tmp_path / "u_ex.log"
    rule.write_text(
        REHEARSED.replace("webserver", "image_load").replace("cs-uri-stem", "ImageLoaded")
    )
    log.write_text(LOG)
    ended = run("rules", "test", rule, "--against", log)
    assert "could not fire" in ended.out


def test_a_file_without_evidence_is_no_folder_of_samples(run, tmp_path: Path):
    rule = tmp_path / "rule.yml"
    rule.write_text(REHEARSED)
    assert run("rules", "test", rule).code == 2
