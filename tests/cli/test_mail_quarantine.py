"""`exward mail quarantine` from the command line: forms, exit codes, hostile values."""

from __future__ import annotations

import json
import os
import sqlite3
from hashlib import sha256
from unittest.mock import Mock

import pytest

from exward.mail.quarantine import decisions, files
from exward.mail.quarantine.handing import Handed
from exward.model.message import Reason
from tests.mail.letters import attached, html
from tests.mail.quarantine.made import BOB, EVE, HOSTILE, hold, trail_of

PAGE = """<form action="https://evil.example"><img src="https://evil.example/x"></form>
Pay <a href="https://evil.example/p">here</a>"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "held"


@pytest.fixture
def call(run, folder):
    def act(verb, *args):
        return run("mail", "quarantine", verb, *args, "--quarantine", folder)

    return act


@pytest.fixture
def hostile(folder):
    return hold(folder, HOSTILE, (BOB, f"{HOSTILE}@x"), subject=HOSTILE, sender=HOSTILE,
                mail_from=HOSTILE, client=HOSTILE, helo=HOSTILE, classes=(HOSTILE,),
                id=files.identity(HOSTILE, (BOB, f"{HOSTILE}@x"), b""),
                reasons=(Reason(HOSTILE, 1.0, HOSTILE, HOSTILE),))  # fmt: skip


def harmless(text):
    return all(char.isprintable() or char in "\n\t" for char in text)


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_nothing_of_a_message_acts_in_a_list(call, hostile, form):
    ended = call("list", "--format", form)
    assert ended.code == 0
    assert harmless(ended.out)
    assert hostile.id[:12] in ended.out
    if form == "jsonl":
        (told,) = map(json.loads, ended.out.splitlines())
        assert (told["type"], told["state"], told["subject"]) == ("held-message", "held", HOSTILE)


def test_nothing_of_a_message_acts_when_it_is_shown(call, hostile, tmp_path):
    ended = call("show", hostile.id)
    assert ended.code == 0
    assert harmless(ended.out)
    assert "<script>" in ended.out
    assert "\\r\n" not in ended.out
    page = tmp_path / "page.html"
    assert call("show", hostile.id, "--html", page).code == 0
    text = page.read_text()
    assert "<script" not in text
    assert harmless(text)


def test_a_page_fetches_nothing_and_has_no_forms(call, folder, tmp_path):
    raw = html(PAGE)
    holding = hold(folder, id=files.identity("ann@source.example", (BOB,), raw))
    files.write_message(folder, holding, raw)
    page = tmp_path / "page.html"
    call("show", holding.id, "--html", page)
    text = page.read_text()
    assert "default-src 'none'" in text
    assert "form-action 'none'" in text
    for tag in ("<form", "<img", "<a ", "<script", "<iframe", "src=", "href="):
        assert tag not in text
    assert "https://evil.example/p" in text


def test_files_are_named_with_their_digest(call, folder):
    raw = attached(b"MZ" + bytes(64), "a.exe")
    holding = hold(folder, id=files.identity("ann@source.example", (BOB,), raw))
    files.write_message(folder, holding, raw)
    ended = call("show", holding.id)
    assert "a.exe" in ended.out
    assert sha256(b"MZ" + bytes(64)).hexdigest() in ended.out


def test_searching(call, folder):
    hold(folder)
    cases = {("--from", "ANN"): 1, ("--to", "eve"): 0, ("--subject", "monday"): 1,
             ("--reason", "pressure"): 1, ("--since", "2026-01-05"): 1,
             ("--until", "2026-01-05"): 1, ("--until", "2026-01-04"): 0}  # fmt: skip
    for args, found in cases.items():
        ended = call("search", "--format", "jsonl", *args)
        assert len(ended.out.splitlines()) == found
        assert f"{found} messages" in ended.err


def test_a_limit_says_what_is_left_out(call, folder):
    hold(folder)
    hold(folder, "two\n")
    assert "2 messages, 1 shown" in call("list", "--limit", 1).err


def test_releasing_and_learning(call, folder, monkeypatch):
    holding = hold(folder)
    all_of_it = lambda server, letter: Handed(letter.recipients, {}, True, "250")  # noqa: E731
    monkeypatch.setattr(decisions, "hand_over", all_of_it)
    ended = call("release", holding.id[:8], "--learn", "--why", "known")
    assert ended.code == 0
    assert "without asking the filter" in ended.err
    assert f"released to {BOB}" in ended.out
    assert "ann@source.example is allowed" in ended.out
    assert call("list").out == ""
    assert [deed.why for deed in trail_of(folder)] == ["known", "known; 250", "known"]


@pytest.mark.parametrize(
    ("handed", "words"),
    [(Handed((), {BOB: "450 later"}, True, "450"), "450 later"),
     (Handed((BOB,), {}, False, "broken"), "nobody knows")],
)  # fmt: skip
def test_a_release_that_fails_is_said(call, folder, monkeypatch, handed, words):
    holding = hold(folder)
    monkeypatch.setattr(decisions, "hand_over", lambda server, letter: handed)
    ended = call("release", holding.id, "--learn")
    assert ended.code == 3
    assert words in ended.err
    assert "allowed" not in ended.out


def test_deleting_blocking_expiring_and_the_trail(call, folder):
    one, two = hold(folder), hold(folder, "two\n")
    hold(folder, "three\n")
    assert "blocked from now on" in call("block", one.id, "bad.example").out
    assert "was blocked already" in call("block", "ann@source.example").out
    assert "deleted" in call("delete", two.id, "--why", HOSTILE).out
    assert "2 messages deleted" in call("expire", "--days", 1).out
    ended = call("audit")
    assert ended.code == 0
    assert harmless(ended.out)
    words = [
        json.loads(line)["what"] for line in call("audit", "--format", "jsonl").out.splitlines()
    ]
    assert words == ["blocked", "blocked", "deleted", "expired", "expired"]
    trail = folder / "audit.jsonl"
    trail.write_bytes(trail.read_bytes().replace(b"deleted", b"blessed"))
    ended = call("audit")
    assert ended.code == 4
    assert "line 3 is damaged" in ended.err


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 32, "", "%", "../held"])
def test_names_that_are_no_ids(call, folder, name):
    hold(folder)
    for verb in ("show", "release", "delete"):
        assert call(verb, name).code in {2, 3}
    assert len(trail_of(folder)) == 0


def test_who_got_it_and_who_waits(call, folder, monkeypatch):
    holding = hold(folder, recipients=(BOB, EVE))
    lost = Handed((BOB,), {EVE: "450 later"}, False, "broken")
    monkeypatch.setattr(decisions, "hand_over", lambda server, letter: lost)
    ended = call("release", holding.id, "--to", BOB)
    assert (ended.code, "nobody knows" in ended.err) == (3, True)
    shown = call("show", holding.id).out
    assert f"{BOB} release begun" in shown
    assert f"{EVE} \n" in shown
    ended = call("release", holding.id, "--to", BOB)
    assert ended.code == 3
    assert "its end is not known" in ended.err
    assert "after 15 minutes" in ended.err
    assert len(call("list", "--state", "releasing").out.splitlines()) > 1
    assert call("list", "--state", "held").out == ""


def test_the_folder_has_to_be_named_and_usable(run, tmp_path):
    assert run("mail", "quarantine", "list").code == 2
    (tmp_path / "file").write_text("")
    ended = run("mail", "quarantine", "list", "--quarantine", tmp_path / "file" / "x")
    assert ended.code == 3
    assert "cannot be used" in ended.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_root_is_told_to_be_the_owner(call, folder):
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    ended = call("list")
    assert ended.code == 2
    assert "sudo -u nobody" in ended.err


def test_a_full_disk_is_named_with_what_makes_room(call, folder, monkeypatch):
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    monkeypatch.setattr("exward.cli.quarantining.Quarantine", Mock(side_effect=error))
    done = call("list")
    assert done.code == 3
    assert "make room" in done.err
