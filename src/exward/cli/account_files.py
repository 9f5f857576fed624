"""Files about service accounts that people give: accepted windows, and what was learned."""

from __future__ import annotations

import time
from pathlib import Path

from exward.accounts import policy
from exward.accounts.clock import HOUR_US
from exward.accounts.policy import Windows
from exward.accounts.profile import Profile, restore_all
from exward.model.errors import UsageError

MAX_FILE_BYTES = 10_000_000
MAX_LEARNED_BYTES = 1_000_000_000


def load_windows(path: Path) -> Windows:
    """Accepted log-on windows; raises UsageError if it holds none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES)
        return policy.load(data)
    except (OSError, ValueError) as error:
        hint = "make it with: exward accounts hours ACCOUNT PATH --save FILE"
        raise UsageError(f"cannot be read: {error}", hint, str(path)) from error


def load_learned(path: Path) -> tuple[Profile, ...]:
    """What an earlier run learned, nothing if there is no such file; raises UsageError."""
    if not path.exists():
        return ()
    hint = "name a file that --learned made, or a new one"
    try:
        with path.open("rb") as file:
            found = tuple(restore_all(file.read(MAX_LEARNED_BYTES)))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read: {error}", hint, str(path)) from error
    tomorrow = time.time_ns() // 1000 // HOUR_US + 24
    if any(one.last > tomorrow for one in found):  # all until then would count as learned
        raise UsageError("holds sign-ins of the future", hint, str(path))
    return found
