"""What the analysis of one file says: the capabilities that its code gives to a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Capability(StrEnum):
    """What a stranger can do through a file."""

    RUN_CODE = "run-code"
    LOAD_CODE = "load-code"
    RUN_COMMANDS = "run-commands"
    WRITE_FILES = "write-files"
    TUNNEL = "tunnel"
    STAY_IN_MEMORY = "stay-in-memory"
    RUN_SHELLCODE = "run-shellcode"
    READ_FILES = "read-files"
    QUERY_DATABASES = "query-databases"
    STEAL_PASSWORDS = "steal-passwords"  # a name, no password
    EXPLORE = "explore"
    READ_MAIL = "read-mail"
    SEND_MAIL = "send-mail"
    MAKE_ACCOUNTS = "make-accounts"
    HIDE_TRACKS = "hide-tracks"
    SERVE_FOREIGN = "serve-foreign"
    OWN_PASSWORD = "own-password"  # a name, no password


@dataclass(frozen=True, slots=True)
class Sign:
    """One place in a file that gives a stranger a capability.

    `line`: 1-based line of the file as stored; 0 in a file without lines (an assembly). `words`:
    what is done there, in a few words ("eval() of the request's parameter"). `sure`: nothing
    harmless looks like this; a sign that is not sure counts only beside others.
    """

    capability: Capability
    line: int
    words: str
    sure: bool = True
