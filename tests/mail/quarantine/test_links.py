"""Links: forged, ended, used, of somebody else, for what only administrators release."""

from __future__ import annotations

import pytest

from exward.mail.quarantine import asking, decisions, deeds
from exward.mail.quarantine.asking import FOR_ADMINISTRATORS, ask, look
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.index import FILE
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.links import make_token, read_token, token_digest
from exward.mail.quarantine.passes import recipient_key
from exward.mail.quarantine.store import Quarantine
from exward.model.quarantine import Answer, State
from tests.mail.quarantine.made import BOB, EVE, HELD_AT, hold, kept, trail_of

SERVER = MailServer("127.0.0.1", 25)
LATER = deeds.micros_now() + 10**12


@pytest.fixture
def quarantine(tmp_path):
    hold(tmp_path, "Hello\n", (BOB, EVE))
    with Quarantine(tmp_path) as one:
        yield one


@pytest.fixture
def sent(monkeypatch):
    """The recipients of what went out; `answers` come in turn."""
    got, answers = [], list[Handed]()

    def hand_over(server, letter):
        got.append(letter.recipients)
        return answers.pop(0) if answers else Handed(letter.recipients, {}, True, "250 OK")

    monkeypatch.setattr(decisions, "hand_over", hand_over)
    return got, answers


def token(quarantine, recipient=BOB, expires=LATER, **change):
    (message_id, (held_at, _)), *_ = quarantine.index.places().items()
    given = {"message_id": message_id, "held_at": held_at, **change}
    return make_token(load_key(quarantine.folder), given["message_id"], given["held_at"],
                      recipient, expires)  # fmt: skip


def answer(quarantine, link, reserved=FOR_ADMINISTRATORS):
    return look(quarantine, link, reserved).answer


def press(quarantine, link, reserved=FOR_ADMINISTRATORS):
    return ask(quarantine, link, reserved, SERVER, "192.0.2.9").answer


def test_a_token_says_what_was_put_in():
    one = make_token(bytes(32), "ab" * 16, HELD_AT, "Bob@Target.example", 7)
    link = read_token(bytes(32), one)
    assert link is not None
    assert (link.message_id, link.held_at, link.expires) == ("ab" * 16, HELD_AT, 7)
    assert link.recipient == recipient_key(BOB)
    assert one != make_token(bytes(32), "ab" * 16, HELD_AT, "Bob@Target.example", 7)
    assert read_token(bytes(31) + b"x", one) is None


def test_every_character_counts():
    one = make_token(bytes(32), "ab" * 16, HELD_AT, BOB, 7)
    for place in range(len(one) - 1):
        other = "A" if one[place] != "A" else "B"
        assert read_token(bytes(32), one[:place] + other + one[place + 1 :]) is None
    for end in "ABCDEFGH-_":
        changed = read_token(bytes(32), one[:-1] + end)
        # Some bits of the last one say nothing: it is the same token then, and counts as used.
        assert changed is None or token_digest(one[:-1] + end) == token_digest(one)


@pytest.mark.parametrize("junk", ["", "A" * 118, "A" * 117, "../" * 40, "ü" * 118, "A" * 5000, "%"])
def test_junk_is_no_token(quarantine, junk):
    assert read_token(bytes(32), junk) is None
    assert answer(quarantine, junk) is Answer.UNKNOWN


def test_looking_changes_nothing_and_pressing_releases_to_one(quarantine, sent):
    link = token(quarantine)
    for _ in range(3):
        assert answer(quarantine, link) is Answer.READY
    assert trail_of(quarantine.folder) == []
    assert press(quarantine, link) is Answer.RELEASED
    assert sent[0] == [(BOB,)]
    (message_id,) = quarantine.index.places()
    now = quarantine.index.get(message_id)
    assert (now.state, now.waiting) == (State.HELD, (EVE,))
    deed = trail_of(quarantine.folder)[-1]
    assert deed.who == f"{BOB} from 192.0.2.9"
    assert link not in (quarantine.folder / "audit.jsonl").read_text()


def test_a_link_works_once(quarantine, sent):
    link, other = token(quarantine), token(quarantine)
    assert press(quarantine, link) is Answer.RELEASED
    assert press(quarantine, link) is Answer.USED
    assert press(quarantine, other) is Answer.USED
    assert answer(quarantine, link) is Answer.USED
    assert press(quarantine, token(quarantine, EVE)) is Answer.RELEASED
    assert sent[0] == [(BOB,), (EVE,)]


def test_it_is_used_after_the_index_was_made_again(quarantine, sent):
    link = token(quarantine)
    press(quarantine, link)
    quarantine.close()
    (quarantine.folder / FILE).unlink()
    with Quarantine(quarantine.folder) as again:
        assert again.index.is_used(token_digest(link))
        assert press(again, link) is Answer.USED


def test_a_release_that_failed_may_be_tried_again(quarantine, sent):
    sent[1].append(Handed((), {BOB: "451 later"}, True, "451 later"))
    link = token(quarantine)
    assert press(quarantine, link) is Answer.LATER
    assert press(quarantine, link) is Answer.RELEASED


def test_what_nobody_knows_is_not_repeated_until_it_is_known(quarantine, sent, monkeypatch):
    sent[1].append(Handed((BOB,), {}, False, "broken"))
    link = token(quarantine)
    assert press(quarantine, link) is Answer.LATER
    assert press(quarantine, link) is Answer.LATER
    assert len(sent[0]) == 1
    monkeypatch.setattr(decisions, "PASS_US", -1)
    assert press(quarantine, link) is Answer.RELEASED
    assert press(quarantine, link) is Answer.USED


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"expires": 0}, Answer.ENDED),
        ({"recipient": "mallory@target.example"}, Answer.UNKNOWN),
        ({"message_id": "0" * 32}, Answer.UNKNOWN),
        ({"held_at": HELD_AT + 1}, Answer.UNKNOWN),
    ],
)
def test_what_is_not_released(quarantine, sent, change, expected):
    assert press(quarantine, token(quarantine, **change)) is expected
    assert sent[0] == []


@pytest.mark.parametrize(
    ("classes", "reserved", "expected"),
    [
        (("spam",), FOR_ADMINISTRATORS, Answer.READY),
        ((), FOR_ADMINISTRATORS, Answer.READY),
        (("spam", "phishing"), FOR_ADMINISTRATORS, Answer.ADMINISTRATOR),
        (("phishing",), frozenset(), Answer.READY),
        (("spam",), frozenset({"spam"}), Answer.ADMINISTRATOR),
        (("malware",), frozenset(), Answer.ADMINISTRATOR),
    ],
)
def test_classes_for_administrators(tmp_path, sent, classes, reserved, expected):
    hold(tmp_path, classes=classes)
    with Quarantine(tmp_path) as quarantine:
        assert answer(quarantine, token(quarantine), reserved) is expected
        press(quarantine, token(quarantine), reserved)
    assert len(sent[0]) == (expected is Answer.READY)


def test_a_message_that_was_deleted(quarantine, sent):
    link = token(quarantine)
    (message_id,) = quarantine.index.places()
    decisions.delete(quarantine, quarantine.index.get(message_id), "ann", "")
    assert press(quarantine, link) is Answer.UNKNOWN


def test_a_damaged_file_is_not_released(quarantine, sent):
    for path in (quarantine.folder / "held").iterdir():
        path.write_bytes(path.read_bytes() + b"x")
    asked = asking.ask(quarantine, token(quarantine), frozenset(), SERVER, "")
    assert asked.answer is Answer.LATER
    assert "not the message that was taken" in asked.said
    assert asked.holding is not None
    assert kept(quarantine, asked.holding).state is State.HELD
