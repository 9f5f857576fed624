"""Files, trail and index in step, whatever happened to one of them."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exward.mail.quarantine import audit, decisions, deeds, files, store
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.files import HELD, RELEASED
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.index import FILE, Query
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import EvidenceError, UsageError
from exward.model.quarantine import State
from tests.mail.quarantine.made import BOB, EVE, HELD_AT, HOSTILE, hold, kept, trail_of

NOWHERE = MailServer("127.0.0.1", 1)


def takes_all(server, letter):
    return Handed(letter.recipients, {}, True, "250 OK")


def states(folder):
    with Quarantine(folder) as quarantine:
        return {one.holding.id: one.state for one in quarantine.index.find(Query())}


def test_a_file_is_enough(tmp_path):
    holding = hold(tmp_path)
    with Quarantine(tmp_path) as quarantine:
        assert quarantine.index.find(Query())[0].holding == holding
        assert quarantine.notes == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_the_index_says_is_its_owners_alone(tmp_path):
    tmp_path.chmod(0o755)  # made by an administrator, or by systemd's StateDirectory
    hold(tmp_path)
    with Quarantine(tmp_path):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert [name for name, mode in modes.items() if mode & 0o077] == []


@pytest.mark.parametrize("damage", [b"", b"no database", None])
def test_a_damaged_index_is_made_again(tmp_path, monkeypatch, damage):
    monkeypatch.setattr(decisions, "hand_over", takes_all)
    one, two = hold(tmp_path), hold(tmp_path, "two\n", (BOB, EVE))
    gone = hold(tmp_path, "three\n")
    with Quarantine(tmp_path) as quarantine:
        decisions.release(quarantine, kept(quarantine, one), Order(who="ann"), NOWHERE)
        part = Order(who="ann", recipients=(EVE,))
        decisions.release(quarantine, kept(quarantine, two), part, NOWHERE)
        decisions.delete(quarantine, kept(quarantine, gone), "ann", "")
        before = quarantine.index.find(Query())
    _damage(tmp_path / FILE, damage)
    with Quarantine(tmp_path) as quarantine:
        assert quarantine.index.find(Query()) == before
        assert bool(quarantine.notes) == (damage != b"")
    assert (tmp_path / "damaged-index.sqlite").exists() == (damage != b"")


def _damage(path, data):
    """`data` None: overwrite pages in the middle, as a bad disk does."""
    if data is not None:
        path.write_bytes(data)
        return
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    path.write_bytes(whole)


def test_a_decision_that_was_written_and_not_done_is_done_by_the_next(tmp_path):
    one, two = hold(tmp_path), hold(tmp_path, "two\n")
    with Quarantine(tmp_path) as quarantine:
        _, last = quarantine.index.trail()
    for holding, what in ((one, deeds.DELETED), (two, deeds.RELEASED)):
        if what == deeds.RELEASED:
            begun = decisions._deed(_kept(tmp_path, two), "ann", deeds.RELEASE_BEGUN, "")
            begun = decisions._of_attempt(begun, "1", (BOB,))
            last, _ = audit.append(tmp_path / audit.FILE, begun, last)
        deed = decisions._deed(_kept(tmp_path, holding), "ann", what, "")
        deed = decisions._of_attempt(deed, "1", (BOB,))
        last, _ = audit.append(tmp_path / audit.FILE, deed, last)
    assert states(tmp_path) == {two.id: State.RELEASED}
    assert not files.path_of(tmp_path, HELD, one.id).exists()
    assert files.path_of(tmp_path, RELEASED, two.id).exists()


def _kept(folder, holding):
    from exward.model.quarantine import Kept

    return Kept(holding, State.HELD)


def test_the_same_message_is_held_again_after_its_release(tmp_path, monkeypatch):
    monkeypatch.setattr(decisions, "hand_over", takes_all)
    holding = hold(tmp_path)
    with Quarantine(tmp_path) as quarantine:
        decisions.release(quarantine, kept(quarantine, holding), Order(who="ann"), NOWHERE)
    assert states(tmp_path) == {holding.id: State.RELEASED}
    hold(tmp_path, held_at=HELD_AT + 1)
    assert states(tmp_path) == {holding.id: State.HELD}
    (tmp_path / FILE).unlink()
    assert states(tmp_path) == {holding.id: State.HELD}


def test_a_file_that_somebody_removed_is_told(tmp_path):
    holding = hold(tmp_path)
    assert states(tmp_path) == {holding.id: State.HELD}
    files.path_of(tmp_path, HELD, holding.id).unlink()
    with Quarantine(tmp_path) as quarantine:
        assert quarantine.notes == ["1 messages vanished: their files are gone"]
        assert quarantine.index.find(Query()) == []
    assert [deed.what for deed in trail_of(tmp_path)] == ["vanished"]


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_there(tmp_path):
    holding = hold(tmp_path)
    files.path_of(tmp_path, HELD, "0" * 32).write_bytes(b"junk")
    with Quarantine(tmp_path) as quarantine:
        assert [one.holding.id for one in quarantine.index.find(Query())] == [holding.id]
        assert "has no head" in quarantine.notes[0]


def test_a_trail_that_was_cut_is_told(tmp_path):
    holding = hold(tmp_path)
    with Quarantine(tmp_path) as quarantine:
        decisions.delete(quarantine, kept(quarantine, holding), "ann", "")
    (tmp_path / audit.FILE).write_bytes(b"")
    with Quarantine(tmp_path) as quarantine:
        assert "shorter than it was" in quarantine.notes[0]


def test_a_changed_message_is_not_handed_out(tmp_path):
    holding = hold(tmp_path)
    path = files.path_of(tmp_path, HELD, holding.id)
    path.write_bytes(path.read_bytes().replace(b"Hello", b"Jello"))
    with Quarantine(tmp_path) as quarantine:
        with pytest.raises(EvidenceError, match="not the message that was taken"):
            quarantine.message(kept(quarantine, holding))
        assert b"Jello" in quarantine.message(kept(quarantine, holding), checked=False)


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"])
def test_an_index_on_a_full_disk_is_not_taken_for_a_damaged_one(tmp_path, monkeypatch, name):
    hold(tmp_path)
    states(tmp_path)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    with monkeypatch.context() as full:
        full.setattr(store, "Index", Mock(side_effect=error))
        with pytest.raises(sqlite3.OperationalError):
            Quarantine(tmp_path)
    assert not (tmp_path / "damaged-index.sqlite").exists()
    assert (tmp_path / FILE).exists()


def test_a_busy_index_is_not_taken_for_a_damaged_one(tmp_path, monkeypatch):
    monkeypatch.setattr("exward.mail.quarantine.index.BUSY_S", 0.01)
    hold(tmp_path)
    states(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        Quarantine(tmp_path)
    other.close()
    assert not (tmp_path / "damaged-index.sqlite").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"sender": "ANN@"}, 2), ({"sender": "nobody"}, 0), ({"recipient": "EVE"}, 1),
        ({"subject": "monday"}, 1), ({"subject": "ÜBER"}, 1), ({"subject": "%"}, 0),
        ({"subject": "' OR 1=1 --"}, 0), ({"reason": "PRESSES"}, 2), ({"reason": "spam"}, 2),
        ({"since": HELD_AT + 1}, 1), ({"until": HELD_AT}, 1), ({"states": ()}, 0),
        ({"states": (State.RELEASED,)}, 0), ({"limit": 1}, 1),
    ],
)  # fmt: skip
def test_searching(tmp_path, query, found):
    hold(tmp_path)
    hold(tmp_path, "two\n", (EVE,), held_at=HELD_AT + 1, subject="über")
    with Quarantine(tmp_path) as quarantine:
        assert len(quarantine.index.find(Query(**query))) == found
        assert quarantine.index.count(Query(**query)) == (2 if "limit" in query else found)


@pytest.mark.parametrize("given", ["", "0", "../../x", "zzzzzzzz", HOSTILE, "0" * 33])
def test_what_names_no_message(tmp_path, given):
    hold(tmp_path)
    with Quarantine(tmp_path) as quarantine, pytest.raises(UsageError):
        quarantine.resolve(given)


def test_the_beginning_of_an_id_is_enough(tmp_path):
    holding = hold(tmp_path)
    with Quarantine(tmp_path) as quarantine:
        assert quarantine.resolve(holding.id[:6].upper()).holding == holding


STEPS = ["release", "part", "fail", "lost", "half", "delete", "hold"]
ANSWERS = {
    "fail": lambda server, letter: Handed((), dict.fromkeys(letter.recipients, "450"), True, ""),
    "half": lambda server, letter: Handed((BOB,), {EVE: "450"}, False, "broken"),
    "lost": lambda server, letter: Handed(letter.recipients, {}, False, "broken"),
}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=12))
def test_the_index_can_always_be_made_again(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("q")
    for number, (step, which) in enumerate(steps):
        with Quarantine(folder) as quarantine, pytest.MonkeyPatch.context() as patch:
            patch.setattr(decisions, "hand_over", ANSWERS.get(step, takes_all))
            _step(quarantine, step, which, number)
    with Quarantine(folder) as quarantine:
        before = quarantine.index.find(Query())
    (folder / FILE).unlink()
    with Quarantine(folder) as quarantine:
        assert quarantine.index.find(Query()) == before


def _step(quarantine, step, which, number):
    found = quarantine.index.find(Query())
    if step == "hold" or len(found) <= which:
        waiting = set(files.ids_in(quarantine.folder, HELD))
        if hold(quarantine.folder / "new", f"{which}\n", (BOB, EVE)).id not in waiting:
            hold(quarantine.folder, f"{which}\n", (BOB, EVE), held_at=number)
        return
    with contextlib.suppress(UsageError):
        if step == "delete":
            decisions.delete(quarantine, found[which], "ann", "")
            return
        order = Order(who="ann", recipients=(EVE,) if step == "part" else ())
        decisions.release(quarantine, found[which], order, NOWHERE)


def test_what_the_index_knows_is_not_read_again(tmp_path, monkeypatch):
    """Also before the first decision, when the trail is empty."""
    one = hold(tmp_path)
    assert states(tmp_path) == {one.id: State.HELD}
    read, told = files.read_envelope, list[str]()

    def noted(path):
        told.append(path.stem)
        return read(path)

    monkeypatch.setattr(files, "read_envelope", noted)
    assert states(tmp_path) == {one.id: State.HELD}
    assert told == []
    two = hold(tmp_path, "two\n")
    assert states(tmp_path) == {one.id: State.HELD, two.id: State.HELD}
    assert told == [two.id]
