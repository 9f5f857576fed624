"""The quarantine as a whole: files, audit trail and index, kept in step.

The files say what is there, the trail what was decided; the index follows from both. Opening it
brings the index up to date, and makes it again where it is damaged. A decision is written to the
trail first, and what a process that died left undone is done by the next one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from exward.mail.quarantine import audit, deeds, files
from exward.mail.quarantine.audit import Entry
from exward.mail.quarantine.files import HELD, RELEASED, DamagedFileError
from exward.mail.quarantine.index import FILE, Index
from exward.mail.quarantine.locks import BusyError, locked
from exward.model.errors import EvidenceError, UsageError
from exward.model.quarantine import Deed, Kept

LOCK = "lock"
FAILURES = (OSError, sqlite3.Error, BusyError)
"""What every method may raise: nothing was decided, and it may be tried again."""
MIN_PREFIX = 6
"""Characters of an id that are enough to name it, if they are unambiguous."""
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
"""What SQLite says of a damaged file; a disk that is full or fails damages nothing."""


class Quarantine:
    """An open quarantine; `close` it. Methods raise FAILURES."""

    def __init__(self, folder: Path, *, fully: bool = True) -> None:
        """Open or make it. `fully` False trusts the index: for servers, which open it often."""
        self.folder, self.notes = folder, list[str]()
        """What the user has to know: damage, and what is missing."""
        files.make_folder(folder)
        with locked(folder / LOCK):
            self.index = self._open_index(fully)
            with self.index.change():
                if self.index.is_new():
                    self._enter_all()
                    self.index.begin_trail()
                self._replay()
                if fully:
                    self._compare_with_files()

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def resolve(self, given: str) -> Kept:
        """The message that an id, or enough of its beginning, names; raises UsageError."""
        text = given.strip().lower()
        if len(text) < MIN_PREFIX or not set(text) <= set("0123456789abcdef"):
            hint = f"give at least {MIN_PREFIX} characters of an id: `list` shows them"
            raise UsageError("is not the id of a message", hint, given)
        ids = self.index.ids_like(text)
        if len(ids) > 1:
            raise UsageError("is the beginning of more than one id", "give more of it", given)
        found = self.index.get(ids[0]) if ids else None
        if found is None:
            raise UsageError("there is no such message", "`list --state all` has all", given)
        return found

    def message(self, kept: Kept, *, checked: bool = True) -> bytes:
        """The message as it came; raises EvidenceError if the file is gone or (if `checked`) was
        changed."""
        now = self.index.get(kept.holding.id) or kept
        place = RELEASED if now.state == RELEASED else HELD
        path = files.path_of(self.folder, place, kept.holding.id)
        try:
            holding, raw = files.read_message(path)
        except (OSError, DamagedFileError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise EvidenceError(f"cannot be read: {reason}", "", str(path)) from error
        if checked and not files.is_whole(holding, raw):
            hint = "it is not released; `show` still shows it"
            raise EvidenceError("is not the message that was taken", hint, str(path))
        return raw

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Nobody else decides meanwhile, and the index knows what they decided before."""
        with locked(self.folder / LOCK), self.index.change():
            self._replay()
            yield

    def record(self, deed: Deed) -> None:
        """Write a decision down and do it; inside of `deciding`."""
        _, last = self.index.trail()
        digest, end = audit.append(self.folder / audit.FILE, deed, last)
        self._follow(Entry(deed, digest, last, end))

    def _replay(self) -> None:
        offset, _ = self.index.trail()
        path = self.folder / audit.FILE
        if path.is_file() and path.stat().st_size < offset:
            self.notes.append("the audit trail is shorter than it was: somebody cut it")
            return
        for entry in audit.read(path, offset):
            self._follow(entry)

    def _follow(self, entry: Entry) -> None:
        if not self.index.apply(entry) or entry.deed is None:
            return
        if entry.deed.what in {deeds.DELETED, deeds.EXPIRED}:
            files.remove(self.folder, entry.deed.id)
        elif entry.deed.what == deeds.RELEASED:
            kept = self.index.get(entry.deed.id)
            if kept is not None and kept.state == RELEASED and self._is_file_of(kept):
                files.move(self.folder, entry.deed.id, HELD, RELEASED)

    def _is_file_of(self, kept: Kept) -> bool:
        """Whether what waits is what was decided about: it may have come again meanwhile."""
        path = files.path_of(self.folder, HELD, kept.holding.id)
        try:
            return files.read_envelope(path).held_at == kept.holding.held_at
        except (FileNotFoundError, DamagedFileError):
            return False

    def _open_index(self, fully: bool) -> Index:
        path = self.folder / FILE
        try:
            return Index(path, checked=fully)
        except sqlite3.DatabaseError as error:
            if not getattr(error, "sqlite_errorname", _DAMAGE[0]).startswith(_DAMAGE):
                raise
            self.notes.append(f"the index was damaged ({error}) and is made again from the files")
        _set_aside(path)
        return Index(path, checked=False)

    def _enter_all(self) -> None:
        """Fill a new index before the trail is read: what that says is about these."""
        for place in (RELEASED, HELD):
            self._enter(files.ids_in(self.folder, place), place)

    def _compare_with_files(self) -> None:
        known = self.index.places()  # before the files are listed: the filter adds more meanwhile
        held, released = (set(files.ids_in(self.folder, place)) for place in (HELD, RELEASED))
        is_open = {message_id for message_id, (_, waits) in known.items() if waits}
        self._enter(sorted(released - held - set(known)), RELEASED)
        self._enter(sorted(held - is_open), HELD)
        gone = sorted((is_open - held) | (set(known) - is_open - released - held))
        for message_id in gone:
            self.record(Deed(when=deeds.now(), who="exward", what=deeds.VANISHED, id=message_id,
                             held_at=known[message_id][0], why="its file is gone"))  # fmt: skip
        if gone:
            self.notes.append(f"{len(gone):,} messages vanished: their files are gone")

    def _enter(self, ids: Iterable[str], place: str) -> None:
        for message_id in ids:
            path = files.path_of(self.folder, place, message_id)
            try:
                self.index.add(files.read_envelope(path), is_open=place == HELD)
            except FileNotFoundError:
                continue  # it was decided about meanwhile
            except (OSError, DamagedFileError) as error:
                self.notes.append(f"not read: {path}: {error}")


def _set_aside(path: Path) -> None:
    """Keep a damaged index for whoever wants to know why; its log belongs to it."""
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(
                path.with_name(f"damaged-{path.name}{suffix}")
            )
