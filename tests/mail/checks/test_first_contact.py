"""A sender who is new, in verdicts; and what is learned of messages."""

from __future__ import annotations

import pytest

from exward.mail.addresses import Mailbox
from exward.mail.authentication.results import Authentication
from exward.mail.history.learning import learn
from exward.mail.history.store import DAY_S, History
from exward.mail.known import Known
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from tests.mail.history.test_store import ANN, NOW, ripen
from tests.mail.letters import attached, letter

OURS = MailSettings(own_domains=frozenset({"fabrikam.example"}))
PRESSES = "Urgent: please settle the attached invoice by wire transfer today.\n"


@pytest.fixture
def history(tmp_path):
    one = History(str(tmp_path / "h.sqlite"), learns=True)
    ripen(one)
    yield one
    one.close()


def found(history, raw, **known):
    judged = judge(parse(raw), "a", OURS, Known(history=history, **known))
    return [(one.weight, one.why) for one in judged.reasons if one.check == "first-contact"]


@pytest.mark.parametrize(
    ("sender", "text", "weights"),
    [
        ("Ann Lee <ann.lee@gmail.com>", "x", [4.0]),
        ("Ann Lee <ann.lee@badhost.net>", "x", [3.0]),
        ("Eve <e@c0ntoso-bank.com>", "x", [5.0]),
        ("Eve <e@contoso-bank.net>", "x", [2.0]),
        ("Eve <e@badhost.net>", PRESSES, [1.5]),
        ("Ann Lee <a@badhost.net>", PRESSES, [3.0, 1.5]),
        ("Eve <e@contoso-bank.com>", PRESSES, []),
        ("Eve <e@badhost.net>", "x", []),
        ("Ann Lee <ann.lee@contoso-bank.com>", PRESSES, []),
        ("Bob <bob@fabrikam.example>", PRESSES, []),
        ("nobody", PRESSES, []),
    ],
)
def test_weights(history, sender, text, weights):
    assert [weight for weight, _ in found(history, letter(text, From=sender))] == weights


def test_an_old_correspondent_who_is_authentic(history):
    for day in range(30, 35):
        history.learn(ANN, ["bob@fabrikam.example"], NOW + day * DAY_S)
    raw = letter("x", From=f"{ANN.name} <{ANN.address}>")
    assert found(history, raw) == []
    told = found(history, raw, authentication=Authentication(dmarc="pass"))
    assert told == [(-1.0, "The sender wrote on 8 days before.")]


def test_a_history_that_fails_is_told(history):
    history._db.execute("DROP TABLE recipients")
    ((weight, why),) = found(history, letter("x"))
    assert (weight, why) == (0.0, "Nobody knows whether the sender wrote before.")


@pytest.mark.parametrize(
    ("raw", "known", "is_learned"),
    [
        (letter("Hello\n", From="E <e@new.com>"), {}, True),
        (letter("Hello\n", From="E <e@new.com>"), {"authentication": Authentication(dmarc="pass")},
         True),
        (letter("Hello\n", From="E <e@new.com>"), {"authentication": Authentication(dmarc="fail")},
         False),
        (attached(b"MZ" + bytes(64), "a.exe", From="E <e@new.com>"), {}, False),
        (letter("x", From="E <e@new.com>\r\nFrom: F <f@new.com>"), {}, False),
        (letter("Hello\n", From="E <e@fabrikam.example>"), {}, False),
    ],
)  # fmt: skip
def test_only_what_is_delivered_and_may_be_true_is_learned(history, raw, known, is_learned):
    message, about = parse(raw), Known(history=history, time=NOW, **known)
    learn(history, message, judge(message, "a", OURS, about), about, OURS)
    sender = message.first("from").partition("<")[2].rstrip(">")
    rows = history._db.execute("SELECT count(*) FROM senders WHERE sender = ?", (sender,))
    assert rows.fetchone() == (int(is_learned),)


def test_the_envelope_tells_the_recipients(history):
    message = parse(letter("Hello\n", From="E <e@new.com>", To="x@elsewhere.example"))
    about = Known(history=history, time=NOW, recipients=("bob@fabrikam.example",))
    learn(history, message, judge(message, "a", OURS, about), about, OURS)
    assert history.ask(Mailbox("", "e@new.com"), ["bob@fabrikam.example"]).days == 1
