"""The bare name of an account, in whatever form a log writes it."""

from __future__ import annotations

import re


def bare_name(text: str) -> str:
    """The name alone, lower case, of `DOMAIN\\user`, `user@domain` or `domain/OU/user`."""
    return re.split(r"[\\/]", text.strip())[-1].partition("@")[0].casefold()
