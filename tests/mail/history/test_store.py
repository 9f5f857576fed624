"""The history of senders: who is new, who looks like whom, and that nobody can bloat it."""

from __future__ import annotations

import os
import sqlite3
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail.addresses import Mailbox
from exward.mail.history import store
from exward.mail.history.store import DAY_S, RIPE_SENDERS, Contact, History, domains_of, name_key
from exward.model.errors import ContentError

US = ["bob@fabrikam.example"]
START = 1_700_000_000
NOW = START + 20 * DAY_S
ANN = Mailbox("Ann Lee", "ann.lee@contoso-bank.com")


@pytest.fixture
def history(tmp_path):
    one = History(str(tmp_path / "h.sqlite"), learns=True)
    yield one
    one.close()


def ripen(history):
    for number in range(RIPE_SENDERS):
        history.learn(Mailbox("", f"a@firm{number}.com"), US, START + number)
    for day in (0, 3, 20):
        history.learn(ANN, US, START + day * DAY_S)


def rows(history):
    return history._db.execute("SELECT count(*) FROM senders").fetchone()[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_it_is_its_owners_alone(tmp_path):
    path = tmp_path / "history.sqlite"
    History(str(path), learns=True).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_at_first_nobody_is_called_new(history):
    history.learn(ANN, US, NOW)
    assert history.ask(Mailbox("", "x@new.com"), US) == Contact()


def test_who_wrote_is_known_and_others_are_new(history):
    ripen(history)
    assert history.ask(ANN, US) == Contact(is_ripe=True, days=3, is_known_organisation=True)
    colleague = history.ask(Mailbox("Eve", "eve@contoso-bank.com"), US)
    assert (colleague.days, colleague.is_known_organisation) == (0, True)
    assert history.ask(Mailbox("Eve", "e@new.com"), US) == Contact(is_ripe=True)


@pytest.mark.parametrize("name", ["Ann Lee", "Lee, Ann", "ANN  LEE", "Аnn Lee"])
def test_the_name_of_a_correspondent(history, name):
    ripen(history)
    assert history.ask(Mailbox(name, "ann.lee@gmail.com"), US).same_name == ANN.address


@pytest.mark.parametrize("domain", ["c0ntoso-bank.com", "contoso-bank.net", "cоntoso-bank.com"])
def test_the_looks_of_a_correspondents_domain(history, domain):
    ripen(history)
    found = history.ask(Mailbox("x", f"x@{domain}"), US)
    assert found.same_looks == "contoso-bank.com"


def test_each_domain_of_ours_has_a_history_of_its_own(history):
    ripen(history)
    assert history.ask(ANN, ["c@other.example"]) == Contact()
    assert history.ask(ANN, ["c@other.example", *US]).days == 3


def test_several_messages_of_a_day_are_one_day(history):
    for second in range(5):
        history.learn(ANN, US, NOW + second)
    assert history.ask(ANN, US).days == 1


class TestBounds:
    def test_one_domain_cannot_fill_it(self, history, monkeypatch):
        monkeypatch.setattr(store, "MAX_OF_ONE_DOMAIN", 10)
        for number in range(50):
            history.learn(Mailbox("", f"{number}@spam.com"), US, NOW)
        assert rows(history) == 10
        assert history.ask(Mailbox("", "49@spam.com"), US).is_known_organisation

    def test_many_domains_cannot_either_and_correspondents_stay(self, history, monkeypatch):
        monkeypatch.setattr(store, "MAX_ROWS", 100)
        monkeypatch.setattr(store, "PRUNE_EVERY", 50)
        ripen(history)
        for number in range(1000):
            history.learn(Mailbox("", f"x@n{number}.com"), US, NOW + number)
        assert rows(history) <= 150
        assert history.ask(ANN, US).days == 3

    def test_who_is_silent_is_forgotten(self, history, monkeypatch):
        monkeypatch.setattr(store, "PRUNE_EVERY", 1)
        ripen(history)
        history.learn(Mailbox("", "x@y.com"), US, NOW + store.KEEP_ONCE_S)
        assert (rows(history), history.ask(ANN, US).days) == (2, 3)
        history.learn(Mailbox("", "x@y.com"), US, NOW + store.KEEP_S + DAY_S)
        assert history.ask(ANN, US).days == 0

    @given(
        st.text(max_size=300), st.text(max_size=400), st.lists(st.text(max_size=300), max_size=9)
    )
    def test_no_text_raises(self, tmp_path_factory, name, address, recipients):
        one = History(str(tmp_path_factory.mktemp("h") / "h"), learns=True)
        sender = Mailbox(name, address)
        one.learn(sender, recipients, NOW)
        one.ask(sender, recipients)
        one.close()
        assert len(name_key(name)) <= store.MAX_NAME
        assert len(domains_of(recipients)) <= store.MAX_RECIPIENT_DOMAINS


class TestFile:
    @pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
    def test_one_that_is_no_history(self, tmp_path, content):
        (tmp_path / "h").write_bytes(content)
        with pytest.raises(ContentError, match="cannot be used"):
            History(str(tmp_path / "h"), learns=False)

    def test_one_that_is_not_there_is_made_by_learning_only(self, tmp_path):
        with pytest.raises(ContentError):
            History(str(tmp_path / "h"), learns=False)
        History(str(tmp_path / "h"), learns=True).close()
        History(str(tmp_path / "h"), learns=False).close()

    def test_one_of_another_version(self, tmp_path):
        db = sqlite3.connect(tmp_path / "h")
        db.execute("PRAGMA user_version = 99")
        db.close()
        with pytest.raises(ContentError, match="version"):
            History(str(tmp_path / "h"), learns=True)

    def test_one_that_is_damaged_later_is_said_and_raises_nothing(self, history):
        history._db.execute("DROP TABLE senders")
        assert "senders" in history.ask(ANN, US).failed
        history.learn(ANN, US, NOW)

    def test_two_processes_may_use_it(self, tmp_path):
        one, two = (History(str(tmp_path / "h"), learns=True) for _ in range(2))
        one.learn(ANN, US, NOW)
        two.learn(ANN, US, NOW + DAY_S)
        assert one.ask(ANN, US).days == 2
        one.close()
        two.close()
