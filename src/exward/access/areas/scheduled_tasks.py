"""`scheduled-tasks`: accounts that run tasks of a server, which may keep their passwords."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.areas.accounts import is_builtin
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Runs

AREAS = ("scheduled-tasks",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the task if an account of its own runs it."""
    account, name = properties.text("RunAs"), properties.text("Name")
    if account and not is_builtin(account):
        yield Runs(account, f"task {name}", context.server, context.place)
