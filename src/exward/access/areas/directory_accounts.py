"""`directory-accounts`: accounts with service names, managed ones, and those with adminCount."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.areas.accounts import account, actors
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact

AREAS = ("directory-accounts",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the account."""
    one = account(properties, context)
    if one.sid or one.dn or one.name:
        yield one
        yield from actors(properties, context)
    else:
        yield "an account has no name"
