"""Lists: what goes in is read back, and nothing else gets in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.quarantine import files, lists
from exward.mail.quarantine.lists import ALLOW, BLOCK, add_to_list, checked_name, load_lists
from exward.mail.settings import MailSettings
from exward.model.errors import UsageError


@pytest.mark.parametrize(
    "name", ["ann@a.example", "A.example", "o'neil+x@a.example", "jo@bü.example"]
)
def test_names(name):
    assert checked_name(f" {name} ") == name.lower()


@pytest.mark.parametrize(
    "name", ["", "a", "-.example", "@a.example", "a b@c.example", 'a"@b.example', "a@b@c.d",
             "a\\@b.example", "a@b.example\n]\nown-domains=['x']", "a@b.", "*.example"],
)  # fmt: skip
def test_what_is_no_name(name):
    with pytest.raises(UsageError):
        checked_name(name)


NAMES = st.text(max_size=30) | st.from_regex(r"(?:[^\s@]{1,5}@)?\w{1,5}\.\w{1,5}", fullmatch=True)


@given(st.lists(st.tuples(st.sampled_from([ALLOW, BLOCK]), NAMES), max_size=10))
def test_the_file_can_always_be_read(entries):
    # Not in pytest's own folders: these are looked through and linked for each that is made.
    with tempfile.TemporaryDirectory() as name:
        check_lists(Path(name), entries)


def check_lists(folder, entries):
    files.make_folder(folder)
    allow, block = set[str](), set[str]()
    for kind, text in entries:
        try:
            name = checked_name(text)
        except UsageError:
            continue
        add_to_list(folder, kind, name)
        (allow if kind == ALLOW else block).add(name)
        (block if kind == ALLOW else allow).discard(name)
    found = load_lists(folder)
    assert found.allow == allow
    assert found.block == block


def test_lists_are_joined_with_the_settings():
    one = MailSettings(allow=frozenset({"a.example"}), own_domains=frozenset({"own.example"}))
    both = lists.joined(one, MailSettings(allow=frozenset({"b.example"})))
    assert both.allow == {"a.example", "b.example"}
    assert both.own_domains == {"own.example"}


def test_a_list_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "MAX_ENTRIES", 1)
    files.make_folder(tmp_path)
    assert add_to_list(tmp_path, BLOCK, "a.example")
    assert not add_to_list(tmp_path, BLOCK, "a.example")
    with pytest.raises(UsageError, match="full"):
        add_to_list(tmp_path, BLOCK, "b.example")
