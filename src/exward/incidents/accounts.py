"""The name of an account, in whatever form a log writes it."""

from __future__ import annotations

import re

SYSTEM = "system"
_SYSTEM_NAMES = frozenset({"system", "localsystem", "système", "sistema", "система", "s-1-5-18"})


def bare_name(text: str) -> str:
    """The name alone, lower case, of `DOMAIN\\user`, `user@domain` or `domain/OU/user`."""
    return re.split(r"[\\/]", text.strip())[-1].partition("@")[0].casefold()


def account_key(account: str, server: str) -> str:
    """An account as it is compared on a server; the server's own account is SYSTEM."""
    name = bare_name(account)
    host = server.partition(".")[0].casefold()
    return SYSTEM if name in _SYSTEM_NAMES or name == f"{host}$" else name
