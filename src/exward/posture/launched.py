"""What starts by itself, and whether its command looks like an intruder's.

Places and programs: MITRE ATT&CK T1036, T1059, T1105, T1218, T1546 and T1547.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_MAX_COMMAND = 8_000
_STAGING = re.compile(
    r"[a-z]:\\(?:users\\public|windows\\temp|temp|perflogs|inetpub|\$recycle\.bin|windows\\debug|"
    r"users\\[^\\]{1,64}\\appdata|programdata\\[^\\\s\"]{1,64}(?:\.|\s|\"|$)|"
    r"windows\\system32\\spool\\drivers\\color)",
    re.IGNORECASE,
)
# Where programs of Windows and Exchange themselves start scripts, these words do not come.
_TRICKS = {
    "an encoded command": re.compile(
        r"powershell.{0,200}\s[-/]e(?:nc?|ncodedcommand)?\s", re.IGNORECASE
    ),
    "a hidden window": re.compile(r"\s[-/]w(?:indowstyle)?\s+hidden", re.IGNORECASE),
    "a download": re.compile(
        r"downloadstring|downloadfile|invoke-webrequest|\biwr\b|net\.webclient|urlcache|bitsadmin|"
        r"\bcurl\b|https?://",
        re.IGNORECASE,
    ),
    "a program that runs scripts": re.compile(
        r"\b(?:mshta|regsvr32|installutil|regasm|cmstp)(?:\.exe)?\b|javascript:|vbscript:",
        re.IGNORECASE,
    ),
    "code in the command": re.compile(
        r"frombase64string|\biex\b|invoke-expression|reflection\.assembly", re.IGNORECASE
    ),
}


def suspicion(command: str) -> str | None:
    """Why somebody should look at a command; None if nothing about it is odd."""
    return _suspicion(command[:_MAX_COMMAND])


@lru_cache(maxsize=2_048)  # the servers of a fleet have nearly the same services and tasks
def _suspicion(command: str) -> str | None:
    if _STAGING.search(command) is not None:
        return "starts from a folder that others may write to"
    return next((what for what, mark in _TRICKS.items() if mark.search(command) is not None), None)


def odd(commands: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of names with their commands, those to look at, each with the reason."""
    return tuple(
        f"{name} ({why}): {command}"
        for name, command in commands
        if (why := suspicion(command)) is not None
    )
