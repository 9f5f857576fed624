"""Which senders wrote to which of our domains before: one SQLite file, bounded and ageing.

Only what was delivered is learned (`learning`), so who fills it must get mail delivered for every
row; who writes once is forgotten first.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exward.mail.addresses import Mailbox
from exward.mail.domains import label, skeleton
from exward.mail.urls import is_free_mail
from exward.model.errors import ContentError

DAY_S = 86_400
RIPE_S = 14 * DAY_S
RIPE_SENDERS = 30
"""Before so much is known of a domain of ours, everybody would be new."""
KEEP_S = 400 * DAY_S
"""Who did not write for so long is forgotten."""
KEEP_ONCE_S = 90 * DAY_S
MAX_ROWS = 500_000
MAX_OF_ONE_DOMAIN = 200
"""Addresses of one foreign organisation for one domain of ours (not at free mail providers)."""
MAX_RECIPIENT_DOMAINS = 5
MAX_ADDRESS, MAX_NAME = 254, 100
PRUNE_EVERY = 500
BUSY_S = 2.0
SCHEMA = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS senders (
    recipient TEXT NOT NULL, sender TEXT NOT NULL, organisation TEXT NOT NULL,
    looks TEXT NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL, days INTEGER NOT NULL,
    PRIMARY KEY (recipient, sender)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_organisation ON senders (recipient, organisation);
CREATE INDEX IF NOT EXISTS by_looks ON senders (recipient, looks);
CREATE INDEX IF NOT EXISTS by_name ON senders (recipient, name);
CREATE INDEX IF NOT EXISTS by_age ON senders (days, last);
CREATE TABLE IF NOT EXISTS recipients (
    recipient TEXT PRIMARY KEY, since INTEGER NOT NULL, latest INTEGER NOT NULL,
    senders INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a sender. `is_ripe`: enough is known of others to tell who is new."""

    is_ripe: bool = False
    days: int = 0
    """On how many days mail of this address was delivered."""
    is_known_organisation: bool = False
    same_name: str = ""
    """The address of a correspondent who has the same name."""
    same_looks: str = ""
    """The domain of a correspondent that is drawn like the sender's."""
    failed: str = ""
    """Why nothing is known."""


class History:
    """An open file; belongs to one process. Times are seconds since 1970 UTC."""

    def __init__(self, path: str, *, learns: bool) -> None:
        """Open it, and make it if it `learns`; raises ContentError if it cannot be used."""
        self._learned = 0
        try:
            self._db = _open(path, learns=learns)
        except (sqlite3.Error, OSError) as error:
            hint = "give the file of an earlier run, or let one learn"
            raise ContentError(f"cannot be used as a history: {error}", hint, path) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def ask(self, sender: Mailbox, recipients: Iterable[str]) -> Contact:
        """What is known of a sender; never raises."""
        try:
            found = [self._ask(sender, domain) for domain in domains_of(recipients)]
        except sqlite3.Error as error:
            return Contact(failed=f"the history of senders: {error}")
        return max(found, key=lambda one: (one.days, one.is_known_organisation, one.is_ripe),
                   default=Contact())  # fmt: skip

    def _ask(self, sender: Mailbox, domain: str) -> Contact:
        since, latest, senders = self._one(
            "SELECT since, latest, senders FROM recipients WHERE recipient = ?", domain
        ) or (0, 0, 0)
        (days,) = self._one(
            "SELECT days FROM senders WHERE recipient = ? AND sender = ?", domain, sender.address
        ) or (0,)
        organisation = self._one(
            "SELECT 1 FROM senders WHERE recipient = ? AND organisation = ?",
            domain, sender.organisation,
        )  # fmt: skip
        (same_name,) = self._one(
            "SELECT sender FROM senders WHERE recipient = ? AND name = ? AND name != '' AND "
            "days > 1 AND organisation != ? ORDER BY days DESC, sender",
            domain, name_key(sender.name), sender.organisation,
        ) or ("",)  # fmt: skip
        (same_looks,) = self._one(
            "SELECT organisation FROM senders WHERE recipient = ? AND looks = ? AND days > 1 AND "
            "organisation != ? ORDER BY days DESC, organisation",
            domain, looks_of(sender.organisation), sender.organisation,
        ) or ("",)  # fmt: skip
        is_ripe = senders >= RIPE_SENDERS and latest - since >= RIPE_S
        return Contact(is_ripe, days, organisation is not None, same_name, same_looks)

    def learn(self, sender: Mailbox, recipients: Iterable[str], time: int) -> None:
        """Note a message that was delivered; what cannot be written is not learned."""
        if not sender.domain or len(sender.address) > MAX_ADDRESS:
            return
        with suppress(sqlite3.Error), self._db:
            for domain in domains_of(recipients):
                is_new = self._learn(sender, domain, time)
                self._db.execute(
                    "INSERT INTO recipients VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "since = min(since, excluded.since), latest = max(latest, excluded.latest), "
                    "senders = senders + excluded.senders",
                    (domain, time, time, is_new),
                )
            self._learned += 1
            if self._learned % PRUNE_EVERY == 0:
                self._prune(time)

    def _learn(self, sender: Mailbox, domain: str, time: int) -> bool:
        """Note a sender; whether that is a new one."""
        known = self._one(
            "SELECT last FROM senders WHERE recipient = ? AND sender = ?", domain, sender.address
        )
        if known is not None:
            is_other_day = time // DAY_S > known[0] // DAY_S
            self._db.execute(
                "UPDATE senders SET last = max(last, ?), days = days + ?, name = ? "
                "WHERE recipient = ? AND sender = ?",
                (time, is_other_day, name_key(sender.name), domain, sender.address),
            )
            return False
        organisation = sender.organisation
        if not is_free_mail(organisation) and self._is_full(domain, organisation):
            return False
        self._db.execute(
            "INSERT INTO senders VALUES (?, ?, ?, ?, ?, ?, 1)",
            (domain, sender.address, organisation, looks_of(organisation), name_key(sender.name),
             time),
        )  # fmt: skip
        return True

    def _is_full(self, domain: str, organisation: str) -> bool:
        (count,) = self._one(
            "SELECT count(*) FROM senders WHERE recipient = ? AND organisation = ?",
            domain, organisation,
        ) or (0,)  # fmt: skip
        return bool(count >= MAX_OF_ONE_DOMAIN)

    def _prune(self, now: int) -> None:
        """Forget who is silent for long; where there are still too many, who wrote least."""
        self._db.execute("DELETE FROM senders WHERE last < ?", (now - KEEP_S,))
        self._db.execute("DELETE FROM senders WHERE days = 1 AND last < ?", (now - KEEP_ONCE_S,))
        (count,) = self._one("SELECT count(*) FROM senders") or (0,)
        if count > MAX_ROWS:
            self._db.execute(
                "DELETE FROM senders WHERE (recipient, sender) IN "
                "(SELECT recipient, sender FROM senders ORDER BY days, last LIMIT ?)",
                (count - MAX_ROWS * 9 // 10,),
            )

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._db.execute(f"{query} LIMIT 1", values).fetchone()
        return row


def _open(path: str, *, learns: bool) -> sqlite3.Connection:
    mode = "rwc" if learns else "ro"
    address = f"{Path(path).absolute().as_uri()}?mode={mode}"
    if learns:  # who writes to whom is its owner's alone; SQLite would let everybody read it
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = sqlite3.connect(address, uri=True, timeout=BUSY_S)
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in {0, SCHEMA} or (version == 0 and not learns):
            raise sqlite3.DatabaseError("it is none, or of another version")
        if learns:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_TABLES)
            db.execute(f"PRAGMA user_version = {SCHEMA}")
    except sqlite3.Error:
        db.close()
        raise
    return db


def domains_of(recipients: Iterable[str]) -> list[str]:
    """The domains of addresses, each once, bounded in number and length."""
    domains = (one.rpartition("@")[2].strip("<> ").lower() for one in recipients)
    found = dict.fromkeys(one for one in domains if one and len(one) <= MAX_ADDRESS)
    return list(found)[:MAX_RECIPIENT_DOMAINS]


def name_key(name: str) -> str:
    """What a name looks like, whatever the order of its words; empty for a single word."""
    words = sorted({skeleton(word) for word in name.replace(",", " ").split() if len(word) > 1})
    key = " ".join(words)
    return key if len(words) > 1 and len(key) <= MAX_NAME else ""


def looks_of(organisation: str) -> str:
    """What the name of a domain looks like."""
    return skeleton(label(organisation))[:MAX_NAME]
