"""The password of encrypted archives, from a flag or from a file."""

from __future__ import annotations

from pathlib import Path

from exward.model.errors import UsageError

MAX_PASSWORD_BYTES = 4096


def password_of(password: str | None, password_file: str | None) -> str | None:
    """The password of --password or --password-file; raises UsageError if it cannot be had."""
    if password_file is None:
        return password
    if password is not None:
        raise UsageError("is given twice", "leave out --password or --password-file", "--password")
    try:
        with Path(password_file).open("rb") as file:
            line = file.readline(MAX_PASSWORD_BYTES)
        return line.rstrip(b"\r\n").decode()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"cannot be read: {reason}", "check --password-file", password_file
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            "is not UTF-8 text", "save the password as UTF-8", password_file
        ) from error
