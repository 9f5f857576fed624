"""The index: what the files and the audit trail say, in a form that can be searched.

Everything in it can be made again, so it is written without waiting for the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from exward.mail.quarantine import deeds
from exward.mail.quarantine.audit import START, Entry
from exward.model.quarantine import Deed, Delivery, Holding, Kept, State

FILE = "index.sqlite"
SCHEMA = 1
BUSY_S = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS holdings (
    id TEXT PRIMARY KEY, held_at INTEGER NOT NULL, is_open INTEGER NOT NULL,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, reasons TEXT NOT NULL,
    record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS by_time ON holdings (is_open, held_at, id);
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT NOT NULL, recipient TEXT NOT NULL, attempt TEXT NOT NULL, at INTEGER NOT NULL,
    is_done INTEGER NOT NULL, queue_id TEXT NOT NULL, PRIMARY KEY (id, recipient));
CREATE TABLE IF NOT EXISTS used_links (link TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS told (recipient TEXT PRIMARY KEY, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS trail (offset INTEGER NOT NULL, digest TEXT NOT NULL);
"""
_STATES = {
    State.HELD: "is_open AND NOT EXISTS ({begun})",
    State.RELEASING: "is_open AND EXISTS ({begun})",
    State.RELEASED: "NOT is_open",
}
_BEGUN = "SELECT 1 FROM deliveries d WHERE d.id = holdings.id AND NOT d.is_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for; texts match anywhere, in any case; times are µs since 1970 UTC."""

    states: tuple[State, ...] = tuple(State)
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    reason: str = ""
    since: int | None = None
    until: int | None = None
    limit: int = 1000


class Index:
    """An open index; `close` it. Every method raises sqlite3.Error if it is damaged or busy."""

    def __init__(self, path: Path, *, checked: bool) -> None:
        """Open or make it; `checked` reads all of it and raises DatabaseError for damage.

        Raises OSError as well.
        """
        # Subjects and senders are its owner's alone; SQLite would let everybody read them.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version not in {0, SCHEMA}:
                raise sqlite3.DatabaseError("made by another version")
            if checked and self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
            if not version:
                self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT")
                self._db.execute(f"PRAGMA user_version = {SCHEMA}")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of it or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, holding: Holding, *, is_open: bool) -> None:
        """Enter a message; one with the same id that was there before is forgotten."""
        self._db.execute(
            "DELETE FROM deliveries WHERE id = ? AND NOT EXISTS "
            "(SELECT 1 FROM holdings h WHERE h.id = deliveries.id AND h.held_at = ?)",
            (holding.id, holding.held_at),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO holdings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                holding.id,
                holding.held_at,
                is_open,
                f"{holding.sender}\n{holding.mail_from}".casefold(),
                "\n".join(holding.recipients).casefold(),
                holding.subject.casefold(),
                _reasons(holding).casefold(),
                msgspec.json.encode(holding),
            ),
        )

    def places(self) -> dict[str, tuple[int, bool]]:
        """Of every message: when it was taken, and whether it waits."""
        rows = self._db.execute("SELECT id, held_at, is_open FROM holdings")
        return {message_id: (held_at, bool(is_open)) for message_id, held_at, is_open in rows}

    def is_new(self) -> bool:
        """Whether nobody has read the files and the trail into it so far."""
        return self._db.execute("SELECT 1 FROM trail").fetchone() is None

    def begin_trail(self) -> None:
        """The files are in; what follows is what the trail says."""
        self._db.execute("INSERT INTO trail VALUES (0, ?)", (START,))

    def trail(self) -> tuple[int, str]:
        """How far the audit trail was read: offset and last digest."""
        row = self._db.execute("SELECT offset, digest FROM trail").fetchone()
        return row or (0, START)

    def apply(self, entry: Entry) -> bool:
        """Do what a line of the audit trail says; whether it is about a message that is here."""
        _, last = self.trail()
        is_meant = entry.deed is not None and self._apply(entry.deed)
        if entry.deed is not None:
            last = entry.digest
        self._db.execute("DELETE FROM trail")
        self._db.execute("INSERT INTO trail VALUES (?, ?)", (entry.end, last))
        return is_meant

    def _apply(self, deed: Deed) -> bool:
        if deed.link:
            self._db.execute("INSERT OR IGNORE INTO used_links VALUES (?)", (deed.link,))
        if deed.what == deeds.TOLD:
            told = [(one, deed.until) for one in deed.recipients]
            self._db.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", told)
        is_meant = self._is_meant(deed)
        if is_meant and deed.what in _CHANGES:
            _CHANGES[deed.what](self._db, deed)
        return is_meant

    def _is_meant(self, deed: Deed) -> bool:
        """Whether the message of that time is the one that is here, not a later one like it."""
        row = self._db.execute("SELECT held_at FROM holdings WHERE id = ?", (deed.id,)).fetchone()
        return row is not None and row[0] == deed.held_at

    def is_used(self, link: str) -> bool:
        """Whether the link with that digest was used."""
        found = self._db.execute("SELECT 1 FROM used_links WHERE link = ?", (link,)).fetchone()
        return found is not None

    def told_until(self, recipient: str) -> int:
        """Up to which time a recipient was told of held messages; 0: never."""
        row = self._db.execute(
            "SELECT until FROM told WHERE recipient = ?", (recipient,)
        ).fetchone()
        return row[0] if row else 0

    def find(self, query: Query) -> list[Kept]:
        """The newest messages that match, newest first."""
        where, values = _conditions(query)
        rows = self._db.execute(
            f"SELECT record, is_open FROM holdings WHERE {where} ORDER BY held_at DESC, id LIMIT ?",
            (*values, query.limit),
        ).fetchall()
        return [self._kept(record, bool(is_open)) for record, is_open in rows]

    def count(self, query: Query) -> int:
        """How many messages match, without the limit."""
        where, values = _conditions(query)
        row = self._db.execute(f"SELECT count(*) FROM holdings WHERE {where}", values).fetchone()
        return int(row[0])

    def ids_like(self, start: str) -> list[str]:
        """Up to two ids that start so."""
        rows = self._db.execute(
            "SELECT id FROM holdings WHERE substr(id, 1, ?) = ? LIMIT 2", (len(start), start)
        )
        return [row[0] for row in rows]

    def get(self, message_id: str) -> Kept | None:
        """A message by its id."""
        row = self._db.execute(
            "SELECT record, is_open FROM holdings WHERE id = ?", (message_id,)
        ).fetchone()
        return self._kept(row[0], bool(row[1])) if row else None

    def _kept(self, record: bytes, is_open: bool) -> Kept:
        holding = msgspec.json.decode(record, type=Holding)
        rows = self._db.execute(
            "SELECT recipient, attempt, at, is_done, queue_id FROM deliveries WHERE id = ? "
            "ORDER BY recipient",
            (holding.id,),
        )
        sent = tuple(Delivery(one, attempt, at, bool(is_done), queue_id)
                     for one, attempt, at, is_done, queue_id in rows)  # fmt: skip
        begun = any(not one.is_done for one in sent)
        state = State.RELEASING if begun else State.HELD
        return Kept(holding, state if is_open else State.RELEASED, sent)


def _reasons(holding: Holding) -> str:
    told = [f"{one.check} {one.why}" for one in holding.reasons]
    return "\n".join([*holding.classes, *told])


def _conditions(query: Query) -> tuple[str, list[object]]:
    states = " OR ".join(f"({_STATES[one].format(begun=_BEGUN)})" for one in query.states)
    found, values = [f"({states or '0'})"], list[object]()
    texts = {"sender": query.sender, "recipients": query.recipient, "subject": query.subject,
             "reasons": query.reason}  # fmt: skip
    for column, text in texts.items():
        if text:
            found.append(f"instr({column}, ?) > 0")
            values.append(text.casefold())
    for sign, time in ((">=", query.since), ("<=", query.until)):
        if time is not None:
            found.append(f"held_at {sign} ?")
            values.append(time)
    return " AND ".join(found), values


def _begin(db: sqlite3.Connection, deed: Deed) -> None:
    at = deeds.micros(deed.when)
    rows = [(deed.id, one, deed.attempt, at) for one in deed.recipients]
    db.executemany("INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, 0, '')", rows)


def _seen(db: sqlite3.Connection, deed: Deed) -> None:
    db.execute(
        "UPDATE deliveries SET queue_id = ? WHERE id = ? AND attempt = ?",
        (deed.queue_id, deed.id, deed.attempt),
    )


def _release(db: sqlite3.Connection, deed: Deed) -> None:
    rows = [(deed.id, one, deed.attempt) for one in deed.recipients]
    db.executemany(
        "UPDATE deliveries SET is_done = 1 WHERE id = ? AND recipient = ? AND attempt = ?", rows
    )
    _drop_rest(db, deed)
    (record,) = db.execute("SELECT record FROM holdings WHERE id = ?", (deed.id,)).fetchone()
    holding = msgspec.json.decode(record, type=Holding)
    done, = db.execute("SELECT count(*) FROM deliveries WHERE id = ? AND is_done", (deed.id,)
                       ).fetchone()  # fmt: skip
    if done >= len(set(holding.recipients)):
        db.execute("UPDATE holdings SET is_open = 0 WHERE id = ?", (deed.id,))


def _fail(db: sqlite3.Connection, deed: Deed) -> None:
    """For the recipients it names; for all whose delivery is open, if it names none."""
    if not deed.recipients:
        _drop_rest(db, deed)
    rows = [(deed.id, deed.attempt, one) for one in deed.recipients]
    db.executemany(
        "DELETE FROM deliveries WHERE id = ? AND attempt = ? AND recipient = ? AND NOT is_done",
        rows,
    )


def _drop_rest(db: sqlite3.Connection, deed: Deed) -> None:
    db.execute(
        "DELETE FROM deliveries WHERE id = ? AND attempt = ? AND NOT is_done",
        (deed.id, deed.attempt),
    )


def _remove(db: sqlite3.Connection, deed: Deed) -> None:
    db.execute("DELETE FROM holdings WHERE id = ?", (deed.id,))
    db.execute("DELETE FROM deliveries WHERE id = ?", (deed.id,))


_CHANGES: dict[str, Callable[[sqlite3.Connection, Deed], None]] = {
    deeds.RELEASE_BEGUN: _begin,
    deeds.SEEN: _seen,
    deeds.RELEASED: _release,
    deeds.NOT_RELEASED: _fail,
    deeds.DELETED: _remove,
    deeds.EXPIRED: _remove,
    deeds.VANISHED: _remove,
}
