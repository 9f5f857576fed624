"""Opens the quarantine for a command, and says in words what went wrong with it."""

from __future__ import annotations

import getpass
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exward.cli.terminal import note
from exward.mail.quarantine.locks import BusyError
from exward.mail.quarantine.store import Quarantine
from exward.model.errors import ExwardError, UsageError

_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMOPEN"}
_NO_SPACE = "make room on that disk; files in released/ and learned/ may be removed by hand"


@contextmanager
def quarantine_in(folder: str | None) -> Iterator[Quarantine]:
    """Open a quarantine, tell what the user has to know, close it; raises ExwardError."""
    if not folder:
        raise UsageError("say where the quarantine is", "give --quarantine FOLDER", "--quarantine")
    path = Path(folder)
    _check_owner(path)
    try:
        with Quarantine(path) as quarantine:
            for line in quarantine.notes:
                note(line)
            yield quarantine
    except OSError as error:
        where = str(error.filename or folder)
        raise ExwardError(f"cannot be used: {error.strerror or error}", "rights or space?",
                          where) from error  # fmt: skip
    except sqlite3.Error as error:
        hint = _NO_SPACE if getattr(error, "sqlite_errorname", "") in _FULL else "try again"
        raise ExwardError(f"the index cannot be used: {error}", hint, folder) from error
    except BusyError as error:
        raise ExwardError(str(error), "try again in a moment", folder) from error


def who_asks() -> str:
    """The person at the terminal, for the audit trail: also behind sudo."""
    user = _user(os.getuid()) if sys.platform != "win32" else getpass.getuser()
    behind = os.environ.get("SUDO_USER", "")
    return f"{behind} (as {user})" if behind and behind != user else user


def address_of(text: str, flag: str) -> tuple[str, int]:
    """Read HOST:PORT; raises UsageError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError("must be HOST:PORT", "for example 127.0.0.1:8891", flag)
    return host.strip("[]"), int(port)


def _check_owner(path: Path) -> None:
    """Files that root made would be closed to the filter, which runs as another user."""
    if sys.platform == "win32" or not path.is_dir():
        return
    owner = path.stat().st_uid
    if os.geteuid() != owner:
        name = _user(owner)
        hint = f"run it as that user: sudo -u {name} exward …"
        raise UsageError(f"belongs to {name}", hint, str(path))


def _user(number: int) -> str:
    import pwd  # not on Windows

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"#{number}"
