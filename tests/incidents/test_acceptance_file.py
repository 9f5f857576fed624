"""The file of accepted risks: what is written is read back, what is wrong is named."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pytest

from exward.incidents import acceptance_file
from exward.incidents.acceptance import Entry, Level
from exward.model.errors import ContentError, UsageError

ENTRY = Entry(
    id="2026-11-25-1",
    rule="f1476060-be65-435b-9058-38631262225d",
    server="EX01",
    account="CONTOSO\\svc-backup",
    source_ip="10.0.0.0/24",
    fields={"CommandLine": r"*\backup: 'x' #*", "EventID": "1"},
    why="ticket: 4711 # with\nodd text",
    who="j.doe",
    until=datetime.date(2027, 1, 31),
)
LEVEL = Level(id="l", rule="4d148903", level="low", why="w", who="m")


def _load(tmp_path: Path, text: str):
    path = tmp_path / "risks.yml"
    path.write_text(text, encoding="utf-8")
    return acceptance_file.load(path)


def test_what_is_written_is_read_back(tmp_path):
    endless = msgspec.structs.replace(ENTRY, id="e2", until=None, fields={}, server="")
    items: tuple[Entry | Level, ...] = (ENTRY, LEVEL, endless)
    text = acceptance_file.HEADER + "".join(acceptance_file.rendered(one) for one in items)
    loaded = _load(tmp_path, text)
    bare = [msgspec.structs.replace(one, where="") for one in (*loaded.entries, *loaded.levels)]
    assert bare == [ENTRY, endless, LEVEL]
    assert loaded.entries[0].where.endswith("risks.yml:2")


def test_an_empty_file_says_nothing(tmp_path):
    assert _load(tmp_path, "# nothing yet\n").entries == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("- accept: '*'\n  why: w\n  who: m\n  until: never\n", "wildcards"),
        ("- accept: r\n  why: w\n  who: m\n", "until"),
        ("- accept: r\n  why: ' '\n  who: m\n  until: never\n", "why"),
        ("- accept: r\n  why: w\n  who: m\n  until: tomorrow\n", "tomorrow"),
        ("- accept: r\n  why: w\n  who: m\n  until: never\n  source_ip: 10.0.0\n", "10.0.0"),
        ("- accept: r\n  wyh: w\n  who: m\n  until: never\n", "wyh"),
        ("- level: r\n  to: loud\n  why: w\n  who: m\n", "loud"),
        ("- level: r\n  accept: r\n", "either"),
        ("- 1\n", "either"),
        ("accept: r\n", "list"),
        ("- {accept: r, id: a, why: w, who: m, until: never}\n" * 2, "twice"),
        ("[]\n---\n[]\n", "list"),
        ("- {accept: r, why: w, who: m, until: 2026-13-01}\n", "month"),
        ("- [", ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, word):
    with pytest.raises(ContentError) as raised:
        _load(tmp_path, text)
    assert word in raised.value.what
    assert "risks.yml" in raised.value.where


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        acceptance_file.load(tmp_path / "none.yml")
