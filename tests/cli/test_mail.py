"""`exward mail check` from the command line: forms, exit codes, hostile values."""

from __future__ import annotations

import json
import sys

import pytest

from tests.mail.letters import attached, letter

HOSTILE = "<script>alert(1)</script>\x1b[2J"


@pytest.fixture
def box(tmp_path):
    (tmp_path / "good.eml").write_bytes(letter("Hello\n"))
    bad = attached(b"MZ" + bytes(64), "a.exe", Subject=HOSTILE)
    (tmp_path / "bad.eml").write_bytes(bad)
    return tmp_path


def test_jsonl_has_what_the_docs_promise(run, box):
    ended = run("mail", "check", box, "--format", "jsonl")
    objects = [json.loads(line) for line in ended.out.splitlines()]
    bad = next(one for one in objects if one["path"].endswith("bad.eml"))
    assert bad["type"] == "message"
    assert bad["verdict"] == "quarantine"
    assert bad["classes"] == ["malware"]
    assert set(bad["reasons"][0]) == {"check", "weight", "why", "evidence"}
    assert ended.code == 1


@pytest.mark.parametrize("form", ["table", "html"])
def test_nothing_of_a_message_acts(run, box, form):
    ended = run("mail", "check", box, "--format", form)
    assert "bad.eml" in ended.out
    assert "\x1b" not in ended.out
    assert form == "table" or "<script>" not in ended.out


def test_the_report_and_the_output_file(run, box, tmp_path):
    report, output = tmp_path / "r.html", tmp_path / "o.jsonl"
    ended = run("mail", "check", box / "good.eml", "--report", report, "--output", output,
                "--format", "jsonl")  # fmt: skip
    assert ended.code == 0
    assert "good.eml" in report.read_text()
    assert json.loads(output.read_text())["verdict"] == "deliver"


def test_how_many_were_judged_is_shown_on_a_terminal_only(run, box, monkeypatch):
    assert "judged" not in run("mail", "check", box).err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert "2 messages judged" in run("mail", "check", box).err
    assert "judged" not in run("mail", "check", box, "--no-progress").err


def test_settings_hold(run, box, tmp_path):
    settings = tmp_path / "mail.toml"
    settings.write_text('block = ["contoso.example"]\n')
    ended = run("mail", "check", box / "good.eml", "--mail-settings", settings)
    assert "REJECT" in ended.out
    assert ended.code == 1


@pytest.mark.parametrize(
    "text",
    ['bloc = ["a"]', "[thresholds]\ntag = 9.0", "[thresholds]\nno = 1.0", 'block = "x"',
     '[banner]\nhtml = "x"', f'[banner]\ntext = "{"x" * 999}"', '[banner]\ntxt = "x"',
     'clamd = "clam.example:3310"', 'clamd = "x"',
     '[[rules]]\nname = "a"\nplace = "subject"\npattern = "("\nweight = 1.0',
     '[[rules]]\nname = "a"\nplace = "nowhere"\npattern = "x"\nweight = 1.0', "x"],
)  # fmt: skip
def test_settings_that_are_wrong_are_named(run, box, tmp_path, text):
    settings = tmp_path / "mail.toml"
    settings.write_text(text)
    ended = run("mail", "check", box, "--mail-settings", settings)
    assert ended.code == 3
    assert "mail.toml" in ended.err


def test_no_mail_is_no_clean_result(run, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    ended = run("mail", "check", tmp_path)
    assert ended.code == 4
    assert "no message was found" in ended.err


def test_an_antivirus_program_that_does_not_answer_is_told(run, box, tmp_path):
    settings = tmp_path / "mail.toml"
    settings.write_text(f'clamd = "{tmp_path}/no.sock"\n')
    ended = run("mail", "check", box / "good.eml", "--mail-settings", settings, "--format", "jsonl")
    kinds = {one["type"]: one for one in map(json.loads, ended.out.splitlines())}
    assert "judged without ClamAV" in kinds["skipped"]["reason"]
    assert kinds["message"]["verdict"] == "deliver"
    assert ended.code == 4


def test_yara_rules_are_held_against_attachments(run, box, tmp_path):
    (tmp_path / "own.yar").write_text(
        'rule Own { meta: severity = "high" strings: $a = { 4D 5A 00 } condition: $a at 0 }\n'
        "rule Broken { condition: nonsense }\n"
    )
    ended = run("mail", "check", box, "--yara", tmp_path / "own.yar", "--format", "jsonl")
    assert "own.yar:Own" in ended.out
    assert "own.yar:2" in ended.err


def test_a_history_learns_only_where_that_is_wanted(run, box, tmp_path):
    history = tmp_path / "history.sqlite"
    good = box / "good.eml"
    assert run("mail", "check", good, "--history", history).code == 3
    assert run("mail", "check", good, "--history", history, "--learn").code == 0
    before = history.read_bytes()
    assert run("mail", "check", good, "--history", history).code == 0
    assert history.read_bytes() == before
    (tmp_path / "junk").write_bytes(b"junk" * 999)
    ended = run("mail", "serve", "--history", tmp_path / "junk", "--no-dns")
    assert (ended.code, "cannot be used as a history" in ended.err) == (3, True)
