"""The trail: whole, torn, changed, cut."""

from __future__ import annotations

import pytest

from exward.mail.quarantine import audit
from exward.model.quarantine import Deed
from tests.mail.quarantine.made import HOSTILE, trail_of


@pytest.fixture
def trail(tmp_path):
    path = tmp_path / audit.FILE
    last = audit.START
    for number in range(4):
        deed = Deed(when="2026-01-05T08:00:00Z", who="ann", what="deleted", id=str(number),
                    subject=HOSTILE)  # fmt: skip
        last, _ = audit.append(path, deed, last)
    return path


def read(path):
    return [entry.deed and entry.deed.id for entry in audit.read(path)]


def breaks(path):
    return [*audit.breaks(audit.read(path))]


def test_what_was_appended_is_read(trail):
    assert read(trail) == ["0", "1", "2", "3"]
    assert breaks(trail) == []
    assert trail.read_bytes().isascii()
    assert trail_of(trail.parent)[0].subject == HOSTILE
    second = next(audit.read(trail)).end
    assert len([*audit.read(trail, second)]) == 3


def test_a_line_that_was_changed_is_found(trail):
    trail.write_bytes(trail.read_bytes().replace(b'"id":"1"', b'"id":"7"'))
    assert read(trail) == ["0", None, "2", "3"]
    assert breaks(trail) == [2, 3]


def test_a_line_that_was_taken_out_is_found(trail):
    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join(lines[:1] + lines[2:]))
    assert breaks(trail) == [2]


@pytest.mark.parametrize("missing", [1, 9])
def test_a_torn_line_is_left_and_the_next_one_stands_alone(trail, missing):
    last = [*audit.read(trail)][2].digest
    trail.write_bytes(trail.read_bytes()[:-missing])
    assert read(trail) == ["0", "1", "2"]
    audit.append(trail, Deed(when="", who="bob", what="deleted", id="4"), last)
    assert read(trail) == ["0", "1", "2", None, "4"]
    assert breaks(trail) == [4]


@pytest.mark.parametrize("junk", [b"\n", b"{}\n", b"\xff\xfe\n", b"[" * 5000 + b"\n", b"null\n"])
def test_junk_is_counted_and_the_rest_is_read(trail, junk):
    trail.write_bytes(junk + trail.read_bytes())
    assert read(trail) == [None, "0", "1", "2", "3"]


def test_a_line_without_end_is_bounded(trail, monkeypatch):
    monkeypatch.setattr(audit, "MAX_LINE_BYTES", 1000)
    whole = trail.read_bytes()
    trail.write_bytes(b"x" * 2500 + b"\n" + whole)
    assert [one for one in read(trail) if one is not None] == ["0", "1", "2", "3"]
