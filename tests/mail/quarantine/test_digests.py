"""Digests: who gets what, and nothing of a stranger's gets out of its place."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from exward.mail.quarantine import digests
from exward.mail.quarantine.asking import FOR_ADMINISTRATORS, look
from exward.mail.quarantine.digests import (
    checked_base,
    compose,
    find_digests,
    note_told,
    plan_links,
)
from exward.mail.quarantine.passes import DIGEST, read_pass
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import UsageError
from exward.model.quarantine import Answer
from exward.reports.quarantine.digest import render_html, render_text
from tests.mail.quarantine.made import BOB, EVE, HELD_AT, HOSTILE, hold

DOMAINS = frozenset({"target.example"})
BASE = "https://mail.target.example/held"


@pytest.fixture
def found(tmp_path):
    def call(reserved=FOR_ADMINISTRATORS):
        with Quarantine(tmp_path) as quarantine:
            plan = plan_links(BASE, 7)
            return [*find_digests(quarantine, DOMAINS, reserved, plan)]

    return call


def test_each_user_gets_what_is_new_for_them(tmp_path, found):
    hold(tmp_path, "one\n", (BOB, EVE, "stranger@other.example"))
    hold(tmp_path, "two\n", (BOB.title(),), held_at=HELD_AT + 1)
    bob, eve = found()
    assert (bob.recipient, eve.recipient) == (BOB, EVE)
    assert [one.holding.held_at for one in bob.notices] == [HELD_AT + 1, HELD_AT]
    assert len(eve.notices) == 1
    with Quarantine(tmp_path) as quarantine:
        note_told(quarantine, bob, HELD_AT, "cron")
        links = {one.link.rpartition("/")[2] for one in (*bob.notices, *eve.notices)}
        asked = [look(quarantine, link, FOR_ADMINISTRATORS).answer for link in links]
        assert asked == [Answer.READY] * 3
    bob, eve = found()
    assert [one.holding.held_at for one in bob.notices] == [HELD_AT + 1]


def test_a_clock_that_was_ahead_silences_nobody(tmp_path, found):
    hold(tmp_path)
    (bob,) = found()
    with Quarantine(tmp_path) as quarantine:
        note_told(quarantine, bob, 2 * plan_links(BASE, 7).until, "cron")
    assert [one.recipient for one in found()] == [BOB]


def test_what_only_administrators_release_has_no_link(tmp_path, found):
    hold(tmp_path, classes=("malware",))
    (bob,) = found(frozenset())
    assert bob.notices[0].link == ""
    assert "Only an administrator" in render_text(bob)
    assert "<a " not in render_html(bob)


def test_a_digest_is_bounded(tmp_path, found, monkeypatch):
    monkeypatch.setattr(digests, "MAX_NOTICES", 2)
    for number in range(5):
        hold(tmp_path, f"{number}\n")
    (bob,) = found()
    assert (len(bob.notices), bob.left_out) == (2, 3)
    assert "3 more are not listed" in render_text(bob)


@pytest.mark.parametrize(
    "recipient", ["a\r\nBcc: x@target.example", "a b@target.example", "<x>@target.example",
                  "jö@target.example", '"q"@target.example', "@target.example"],
)  # fmt: skip
def test_odd_recipients_get_nothing(tmp_path, found, recipient):
    hold(tmp_path, "one\n", (recipient,))
    assert found() == []


def test_strangers_write_no_headers_no_html_and_no_links(tmp_path, found):
    hold(tmp_path, subject=f"{HOSTILE}\n\nhttps://evil.example www.evil.example",
         sender=HOSTILE, classes=("spam",))  # fmt: skip
    (bob,) = found()
    texts = (render_text(bob), render_html(bob))
    raw = compose(bytes(32), bob, "quarantine@target.example", texts)
    message = message_from_bytes(raw, policy=policy.default)
    assert raw.isascii()
    assert message["To"] == BOB
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    for text in texts:
        assert "<script" not in text or text is texts[0]
        assert "\x1b" not in text
        assert "https://evil" not in text
        assert "www.evil" not in text
        assert "\nBcc" not in text
    assert texts[1].count("<a ") == 1
    assert bob.notices[0].link in texts[1]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html"]  # fmt: skip
    given = read_pass(bytes(32), raw, 0)
    assert given is not None
    assert given.kind == DIGEST


@pytest.mark.parametrize("sender", ["", "a", "a@b.example\r\nBcc: x@y.example", "x <a@b.example>"])
def test_a_sender_that_is_none(tmp_path, found, sender):
    hold(tmp_path)
    with pytest.raises(UsageError):
        compose(bytes(32), found()[0], sender, ("", ""))


@pytest.mark.parametrize("url", ["https://a.example", "https://a.example:8443/x/",
                                 "http://127.0.0.1:8892"])  # fmt: skip
def test_addresses_for_links(url):
    assert checked_base(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["", "a.example", "http://a.example", "javascript:alert(1)", "https://", "https://a b",
            "https://a.example/?x", "https://a.example/#x", 'https://a.example/"><script>',
            "https://u:p@a.example", "https://[", "https://ü.example"],
)  # fmt: skip
def test_addresses_that_are_none(url):
    with pytest.raises(UsageError):
        checked_base(url)
