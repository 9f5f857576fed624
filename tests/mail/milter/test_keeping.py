"""Letters that are kept: durably before the answer, once, and all of them."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from exward.mail.authentication.check import Envelope
from exward.mail.milter import packets
from exward.mail.milter.decision import FilterOptions, decide
from exward.mail.milter.keeping import Keeper
from exward.mail.milter.packets import Packet
from exward.mail.milter.server import FilterServer
from exward.mail.milter.session import Letter
from exward.mail.quarantine import decisions, deeds, files
from exward.mail.quarantine.decisions import Order
from exward.mail.quarantine.files import HELD
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.index import Query
from exward.mail.quarantine.keys import load_key
from exward.mail.quarantine.lists import BLOCK, add_to_list
from exward.mail.quarantine.passes import DIGEST, Pass, pass_header, recipient_key
from exward.mail.quarantine.store import Quarantine
from exward.mail.settings import MailSettings
from exward.model.quarantine import State
from tests.mail.letters import attached, letter
from tests.mail.milter.test_server import options
from tests.mail.milter.test_session import letter_of

OURS = FilterOptions(server_name="mx.contoso.example")
BAD = attached(b"MZ" + bytes(64), "a.exe", Subject="Invoice")
DISCARDED = (Packet(packets.DISCARD),)


@pytest.fixture
def keeper(tmp_path):
    files.make_folder(tmp_path)
    return Keeper(tmp_path, MailSettings(), OURS)


def keep(keeper, letter):
    return keeper.keep(letter, decide(letter, keeper.settings(), OURS, None))


def held(folder):
    with Quarantine(folder) as quarantine:
        return quarantine.index.find(Query())


def test_what_is_bad_is_stored_and_forgotten_by_the_server(keeper, tmp_path):
    letter = letter_of(BAD)
    decision = keep(keeper, letter)
    assert decision.answer == DISCARDED
    ((kept),) = held(tmp_path)
    one = kept.holding
    assert (one.mail_from, one.recipients) == ("a@b.example", ("c@d.example",))
    assert (one.client, one.queue_id, one.subject) == ("192.0.2.1", "4ABC", "Invoice")
    assert one.mail_parameters == ("SIZE=1",)
    assert files.read_message(files.path_of(tmp_path, HELD, one.id))[1] == letter.raw


def test_what_is_good_or_refused_is_not_stored(keeper, tmp_path):
    good = letter_of(letter("Hello\n"))
    assert keep(keeper, good).answer[-1] == Packet(packets.CONTINUE)
    add_to_list(tmp_path, BLOCK, "contoso.example")
    refused = keep(keeper, good)
    assert refused.answer[0].data.startswith(b"550")
    assert held(tmp_path) == []


@pytest.mark.parametrize(
    "change",
    [{"is_cut": True}, {"recipients": ()}, {"recipients": ("a b@c",)},
     {"recipients": ("\ufffd@c",)}, {"envelope": Envelope("", "", "x>y@z")}],
)  # fmt: skip
def test_what_could_not_be_handed_back_stays_with_the_server(keeper, tmp_path, change):
    decision = keep(keeper, dataclasses.replace(letter_of(BAD), **change))
    assert decision.is_held
    assert held(tmp_path) == []


def test_the_same_letter_is_held_once(keeper, tmp_path):
    assert keep(keeper, letter_of(BAD)).answer == DISCARDED
    first = held(tmp_path)
    assert keep(keeper, letter_of(BAD)).answer == DISCARDED
    assert held(tmp_path) == first
    path = files.path_of(tmp_path, HELD, first[0].holding.id)
    path.write_bytes(path.read_bytes()[:-10])
    assert keep(keeper, letter_of(BAD)).answer == DISCARDED
    assert files.is_whole(*files.read_message(path))


@pytest.mark.parametrize(
    ("fail_open", "commands"), [(False, [packets.TEMPFAIL]), (True, [b"i", b"i", b"i", b"c"])]
)
def test_what_cannot_be_stored_is_answered_as_the_settings_say(
    keeper, monkeypatch, fail_open, commands
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_message", full)
    decision = keep(keeper, letter_of(BAD))
    assert "No space" in decision.failed
    one = FilterServer(options(fail_open=fail_open), MailSettings(), OURS, lambda *_: None)
    assert [packet.command for packet in one._answer_of(decision)] == commands


def test_an_index_that_fails_loses_nothing(keeper, tmp_path):
    (tmp_path / "index.sqlite").write_bytes(b"no database")
    assert keep(keeper, letter_of(BAD)).answer == DISCARDED
    assert len(held(tmp_path)) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from exward.mail.milter import keeping
from exward.mail.milter.decision import decide
from exward.mail.quarantine import files
from exward.mail.quarantine.index import Index
from tests.mail.milter.test_keeping import BAD, OURS, MailSettings, letter_of

folder, step = Path(sys.argv[1]), int(sys.argv[2])
done = 0

def dying(act):
    def call(*args, **named):
        global done
        for _ in range(2):  # before it, and after it
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            if _ == 0:
                result = act(*args, **named)
        return result
    return call

keeper = keeping.Keeper(folder, MailSettings(), OURS)
letter = letter_of(BAD)
decision = decide(letter, keeper.settings(), OURS, None)
for owner, name in ((os, "open"), (os, "fdopen"), (os, "fsync"), (Path, "replace"), (Index, "add")):
    setattr(owner, name, dying(getattr(owner, name)))
keeper.keep(letter, decision)
print("answered", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("step", range(0, 16, 2))
def test_killed_at_any_moment_it_is_held_once_or_still_the_senders(tmp_path, step):
    files.make_folder(tmp_path)
    load_key(tmp_path)
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(step)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if "answered" in ended.stdout:
        assert len(held(tmp_path)) == 1
        return
    assert ended.returncode == -9
    assert len(held(tmp_path)) <= 1
    # Without an answer the sender tries again.
    keeper = Keeper(tmp_path, MailSettings(), OURS)
    assert keep(keeper, letter_of(BAD)).answer == DISCARDED
    (kept,) = held(tmp_path)
    assert files.is_whole(*files.read_message(files.path_of(tmp_path, HELD, kept.holding.id)))


class TestPasses:
    @pytest.fixture
    def sent(self, keeper, tmp_path, monkeypatch):
        """A release whose letter the server has and has not yet shown to the filter."""
        got = []

        def hand_over(server, outgoing):
            got.append(outgoing)
            return Handed(outgoing.recipients, {}, False, "open")

        monkeypatch.setattr(decisions, "hand_over", hand_over)
        keep(keeper, letter_of(BAD))
        with Quarantine(tmp_path) as quarantine:
            (kept,) = quarantine.index.find(Query())
            decisions.release(quarantine, kept, Order(who="ann"), MailServer("", 0))
        return got[0]

    def shown(self, outgoing, **change):
        letter = letter_of(outgoing.data)
        return dataclasses.replace(letter, recipients=outgoing.recipients, **change)

    def test_a_release_passes_once(self, keeper, sent, tmp_path):
        forged = self.shown(sent)
        decision = keeper.passed(self.shown(sent))
        assert decision.verdict is None
        added = b"".join(one.data for one in decision.answer if one.command == b"i")
        assert b"X-Exward-Verdict\0 released" in added
        removed = [one.data for one in decision.answer if one.command == b"m"]
        assert removed == [b"\0\0\0\x01X-Exward-Pass\0\0"]
        ((delivery,),) = (one.deliveries for one in held(tmp_path))
        assert delivery.queue_id == "4ABC"
        assert keeper.passed(forged) is None

    @pytest.mark.parametrize(
        "change",
        [{"recipients": ("other@d.example",)}, {"header_counts": {"x-exward-pass": 2}},
         {"raw": BAD}],
    )  # fmt: skip
    def test_it_passes_for_nothing_else(self, keeper, sent, change):
        letter = dataclasses.replace(self.shown(sent), **change)
        assert keeper.passed(letter) is None

    def test_what_is_not_being_released_does_not_pass(self, keeper, sent, tmp_path):
        with Quarantine(tmp_path) as quarantine:
            (kept,) = quarantine.index.find(Query(states=(State.RELEASING,)))
            decisions.delete(quarantine, kept, "ann", "")
        assert keeper.passed(self.shown(sent)) is None

    def test_a_release_that_cannot_be_checked_waits(self, keeper, sent, monkeypatch):
        def busy(*_):
            raise OSError("busy")

        monkeypatch.setattr(keeper, "_see", busy)
        decision = keeper.passed(self.shown(sent))
        assert decision.answer == (Packet(packets.TEMPFAIL),)

    def test_a_digest_passes_for_its_recipient(self, keeper, tmp_path):
        raw = letter("Held for you\n")
        given = Pass(DIGEST, recipient_key("c@d.example"), "", deeds.micros_now() + 1_000_000_000)
        one: Letter = letter_of(pass_header(load_key(tmp_path), given, raw) + raw)
        assert keeper.passed(one).answer[-1] == Packet(packets.CONTINUE)
        for recipients in ((), ("e@d.example",), ("c@d.example", "e@d.example")):
            assert keeper.passed(dataclasses.replace(one, recipients=recipients)) is None


def test_lists_are_read_again_when_they_change(keeper, tmp_path):
    assert keeper.settings().block == frozenset()
    add_to_list(tmp_path, BLOCK, "a.example")
    assert keeper.settings().block == {"a.example"}
    (tmp_path / "lists.toml").write_text("not valid")
    assert keeper.settings().block == {"a.example"}
    (tmp_path / "lists.toml").unlink()
    assert keeper.settings().block == frozenset()


def test_a_name_cannot_pretend_to_be_the_address(keeper, tmp_path):
    raw = attached(
        b"MZ" + bytes(64), "a.exe", From="=?utf-8?q?=3Cboss=40own.example=3E?= <x@bad.example>"
    )
    keep(keeper, letter_of(raw))
    assert held(tmp_path)[0].holding.sender_address == "x@bad.example"
