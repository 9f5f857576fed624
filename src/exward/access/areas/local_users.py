"""`local-users`: accounts of the server itself, which its local groups list."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Kind, Party

AREAS = ("local-users",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the account."""
    sid = properties.text("Sid")
    if not sid:
        yield "a local account has no SID"
        return
    yield Party(
        place=context.place,
        sid=sid,
        name=properties.text("Name"),
        domain=context.server.casefold(),
        kind=Kind.USER,
        enabled=properties.truth("Enabled"),
        last_logon=properties.time("LastLogon"),
        password_set=properties.time("PasswordLastSet"),
    )
