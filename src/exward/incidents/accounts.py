"""The name of an account, in whatever form a log writes it."""

from __future__ import annotations

from exward.model.account import bare_name

SYSTEM = "system"
_SYSTEM_NAMES = frozenset({"system", "localsystem", "système", "sistema", "система", "s-1-5-18"})


def account_key(account: str, server: str) -> str:
    """An account as it is compared on a server; the server's own account is SYSTEM."""
    name = bare_name(account)
    host = server.partition(".")[0].casefold()
    return SYSTEM if name in _SYSTEM_NAMES or name == f"{host}$" else name
