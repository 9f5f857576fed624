"""`services`: accounts that run services of a server, which keeps their passwords."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.areas.accounts import is_builtin
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Runs

AREAS = ("services",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the service if an account of its own runs it."""
    account, name = properties.text("Account"), properties.text("Name")
    if account and not is_builtin(account):
        yield Runs(account, f"service {name}", context.server, context.place)
