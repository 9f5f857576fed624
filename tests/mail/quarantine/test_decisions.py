"""Decisions: what is written before and after, and what stays as it is when something fails."""

from __future__ import annotations

import os
import time

import pytest

from exward.mail.quarantine import decisions, deeds, files
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.files import HELD, INCOMING, LEARNED
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.lists import load_lists
from exward.mail.quarantine.locks import BusyError, locked
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import UsageError
from exward.model.quarantine import Deed, State
from tests.mail.letters import letter
from tests.mail.quarantine.made import BOB, EVE, HELD_AT, hold, kept, trail_of

SERVER = MailServer("127.0.0.1", 25)
ANN = Order(who="ann", why="it is ours")


@pytest.fixture
def quarantine(tmp_path):
    with Quarantine(tmp_path) as one:
        yield one


@pytest.fixture
def answers(monkeypatch):
    """What the mail server says, in turn; the letters it got."""
    given, got = list[Handed](), []

    def hand_over(server, letter):
        got.append(letter)
        return given.pop(0) if given else Handed(letter.recipients, {}, True, "250 OK")

    monkeypatch.setattr(decisions, "hand_over", hand_over)
    return given, got


def enter(quarantine, *args, **fields):
    holding = hold(quarantine.folder, *args, **fields)
    quarantine.index.add(holding, is_open=True)
    return kept(quarantine, holding)


def trail(quarantine):
    return [deed.what for deed in trail_of(quarantine.folder)]


def test_a_release_goes_out_as_it_came(quarantine, answers):
    one = enter(quarantine, mail_parameters=("SIZE=9", "BODY=8BITMIME"),
                recipient_parameters=(("NOTIFY=NEVER",),))  # fmt: skip
    decisions.release(quarantine, one, ANN, SERVER)
    (sent,) = answers[1]
    assert (sent.mail_from, sent.recipients) == ("ann@source.example", (BOB,))
    assert sent.recipient_parameters == (("NOTIFY=NEVER",),)
    assert sent.data.endswith(letter("Hello\n"))
    assert b"from mx.source.example ([192.0.2.1])" in sent.data
    assert b"Mon, 05 Jan 2026 08:00:00 +0000" in sent.data
    assert trail(quarantine) == [deeds.RELEASE_BEGUN, deeds.RELEASED]
    assert kept(quarantine, one.holding).state is State.RELEASED


@pytest.mark.parametrize("name", ["a b", "x\r\nBcc: y", "", "ü"])
def test_names_of_strangers_stay_out_of_headers(quarantine, answers, name):
    decisions.release(quarantine, enter(quarantine, helo=name, client=name), ANN, SERVER)
    assert b"from unknown ([unknown])" in answers[1][0].data


def test_who_is_refused_waits_on(quarantine, answers):
    answers[0].append(Handed((BOB,), {EVE: "450 later"}, True, "250 OK"))
    one = enter(quarantine, "Hello\n", (BOB, EVE))
    decisions.release(quarantine, one, ANN, SERVER)
    assert kept(quarantine, one.holding).waiting == (EVE,)
    assert kept(quarantine, one.holding).state is State.HELD
    decisions.release(quarantine, one, ANN, SERVER)
    assert answers[1][1].recipients == (EVE,)
    assert kept(quarantine, one.holding).state is State.RELEASED


def test_nothing_taken_means_all_waits(quarantine, answers):
    answers[0].append(Handed((), {BOB: "451 no"}, True, "451 no"))
    one = enter(quarantine)
    decisions.release(quarantine, one, ANN, SERVER)
    assert kept(quarantine, one.holding) == one
    assert trail(quarantine) == [deeds.RELEASE_BEGUN, deeds.NOT_RELEASED]


def test_what_nobody_knows_is_not_repeated_by_itself(quarantine, answers):
    answers[0].append(Handed((BOB,), {}, False, "broken"))
    one = enter(quarantine)
    decisions.release(quarantine, one, ANN, SERVER)
    assert kept(quarantine, one.holding).state is State.RELEASING
    with pytest.raises(UsageError, match="its end is not known; the mail server never showed it"):
        decisions.release(quarantine, one, ANN, SERVER)
    decisions.release(quarantine, one, Order(who="ann", again=True), SERVER)
    assert kept(quarantine, one.holding).state is State.RELEASED
    assert len(answers[1]) == 2


@pytest.mark.parametrize("queue_id", ["", "4ABC"])
def test_what_the_filter_never_saw_has_not_arrived(quarantine, answers, monkeypatch, queue_id):
    answers[0].append(Handed((BOB,), {}, False, "broken"))
    one = enter(quarantine)
    decisions.release(quarantine, one, ANN, SERVER)
    if queue_id:
        (delivery,) = kept(quarantine, one.holding).deliveries
        seen = Deed(when=deeds.now(), who="the filter", what=deeds.SEEN, id=one.holding.id,
                    held_at=HELD_AT, attempt=delivery.attempt, queue_id=queue_id)  # fmt: skip
        with quarantine.deciding():
            quarantine.record(seen)
    monkeypatch.setattr(decisions, "PASS_US", -1)
    if queue_id:
        with pytest.raises(UsageError, match="showed it to the filter as 4ABC"):
            decisions.release(quarantine, one, ANN, SERVER)
    else:
        decisions.release(quarantine, one, ANN, SERVER)
        assert kept(quarantine, one.holding).state is State.RELEASED
    assert len(answers[1]) == (1 if queue_id else 2)


def test_who_was_refused_is_known_also_where_the_end_is_not(quarantine, answers):
    answers[0].append(Handed((BOB,), {EVE: "450 later"}, False, "broken"))
    one = enter(quarantine, "Hello\n", (BOB, EVE))
    decisions.release(quarantine, one, ANN, SERVER)
    now = kept(quarantine, one.holding)
    assert (now.state, now.waiting) == (State.RELEASING, (EVE,))
    decisions.release(quarantine, one, ANN, SERVER)
    assert answers[1][1].recipients == (EVE,)
    assert kept(quarantine, one.holding).state is State.RELEASING


def test_times_of_the_trail():
    assert deeds.micros("2026-01-05T08:00:00Z") == HELD_AT
    assert deeds.micros("2026-01-05T09:00:00+01:00") == HELD_AT
    assert deeds.micros("yesterday") == 0
    assert abs(deeds.micros(deeds.now()) - deeds.micros_now()) < 10**9


def test_one_release_at_a_time(quarantine, answers):
    one = enter(quarantine)
    path = quarantine.folder / INCOMING / f"{one.holding.id}.lock"
    with locked(path), pytest.raises(BusyError):
        decisions.release(quarantine, one, ANN, SERVER)
    assert trail(quarantine) == []


def test_only_to_whom_it_was_for(quarantine, answers):
    one = enter(quarantine)
    with pytest.raises(UsageError, match="does not wait for such a recipient"):
        decisions.release(quarantine, one, Order(who="ann", recipients=(EVE,)), SERVER)
    decisions.release(quarantine, one, Order(who="ann", recipients=(BOB.upper(),)), SERVER)
    assert answers[1][0].recipients == (BOB,)


def test_deleting(quarantine):
    one = enter(quarantine)
    decisions.delete(quarantine, one, "ann", "junk")
    assert not files.path_of(quarantine.folder, HELD, one.holding.id).exists()
    assert quarantine.index.find(Query()) == []
    (deed,) = trail_of(quarantine.folder)
    assert (deed.who, deed.what, deed.why) == ("ann", "deleted", "junk")
    assert deed.subject == one.holding.subject


def test_learning_allows_the_sender_and_keeps_the_message(quarantine):
    one = enter(quarantine)
    assert decisions.learn(quarantine, one, "ann", "") == "ann@source.example"
    assert load_lists(quarantine.folder).allow == {"ann@source.example"}
    path = files.path_of(quarantine.folder, LEARNED, one.holding.id)
    assert path.read_bytes() == letter("Hello\n")


@pytest.mark.parametrize("address", ["", "no-address", 'x"\n@a.example', "a@b.example]"])
def test_a_sender_that_is_none_is_not_learned(quarantine, address):
    one = enter(quarantine, sender_address=address)
    with pytest.raises(UsageError, match="neither"):
        decisions.learn(quarantine, one, "ann", "")
    assert trail(quarantine) == []


def test_blocking_takes_from_the_other_list(quarantine):
    decisions.learn(quarantine, enter(quarantine), "ann", "")
    assert decisions.block(quarantine, "ANN@source.example", "ann", "")
    assert not decisions.block(quarantine, "ann@source.example", "ann", "")
    lists = load_lists(quarantine.folder)
    assert lists.allow == set()
    assert lists.block == {"ann@source.example"}
    assert trail(quarantine) == [deeds.LEARNED, deeds.BLOCKED]


def test_what_is_old_expires_and_what_is_on_its_way_stays(quarantine, answers, monkeypatch):
    monkeypatch.setattr(decisions, "BATCH", 2)
    for number in range(5):
        enter(quarantine, f"{number}\n")
    answers[0].append(Handed((BOB,), {}, False, "broken"))
    decisions.release(quarantine, enter(quarantine, "lost\n"), ANN, SERVER)
    decisions.release(quarantine, enter(quarantine, "released\n"), ANN, SERVER)
    new = enter(quarantine, "new\n", held_at=deeds.micros_now())
    assert decisions.expire(quarantine, 30, "cron") == 6
    left = quarantine.index.find(Query())
    assert [one.state for one in left] == [State.HELD, State.RELEASING]
    assert left[0].holding == new.holding
    assert left[1].holding.held_at == HELD_AT
    later = deeds.micros_now() + 31 * 24 * 3600 * 1_000_000
    monkeypatch.setattr(deeds, "micros_now", lambda: later)
    assert decisions.expire(quarantine, 30, "cron") == 2
    assert quarantine.index.find(Query()) == []


def test_leftovers_are_swept_and_what_is_written_now_is_not(quarantine):
    old, new = (quarantine.folder / INCOMING / name for name in ("old.1", "new.2"))
    for path in (old, new):
        path.write_bytes(b"")
    os.utime(old, (0, time.time() - 2 * decisions.STALE_S))
    decisions.expire(quarantine, 30, "cron")
    assert (old.exists(), new.exists()) == (False, True)
