"""The bare name of an account, in whatever form a log writes it."""

from __future__ import annotations

import re


def bare_name(text: str) -> str:
    """The name alone, lower case, of `DOMAIN\\user`, `user@domain` or `domain/OU/user`."""
    return re.split(r"[\\/]", text.strip())[-1].partition("@")[0].casefold()


def split_account(text: str) -> tuple[str, str]:
    """Name and domain of `DOMAIN\\user`; `user@domain` is a name of its own, without a domain."""
    domain, slash, name = text.strip().rpartition("\\")
    return (name, domain) if slash else (text.strip(), "")
