"""Accounts that findings say were made or raised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, Target, distinct
from exward.response.quoting import is_name

_NET_USER = re.compile(r"\bnet1?(?:\.exe)?\"?\s+user\s+\"?([^\s\"/]{1,64})\"?.*\s/add\b", re.I)
_CREATED = frozenset({"4720", "4722"})
"""A user account was created, was enabled (Microsoft, Security auditing events)."""
_ADDED = frozenset({"4728", "4732", "4756"})
"""A member was added to a global, local, universal group."""

BUILT_IN = frozenset(
    ("administrator", "guest", "krbtgt", "defaultaccount", "wdagutilityaccount", "system",
     "local service", "network service", "local system"),
)  # fmt: skip
"""Accounts of Windows itself: never disabled by a command of the plan."""


def made_accounts(case: Case) -> tuple[Target, ...]:
    """Accounts that were created or enabled, by name, without the machine's own."""
    return distinct(one for one in _made(case) if is_name(one.name) and not _is_own(one.name))


def added_members(case: Case) -> tuple[tuple[str, Target], ...]:
    """Group and member of each addition whose event names both, each once."""
    found: dict[tuple[str, str], tuple[str, Target]] = {}
    for sight in case.sights(Stage.ACCOUNT):
        group = sight.fields.get("TargetUserName", "")
        member = sight.fields.get("MemberName", "")
        if sight.fields.get("EventID") in _ADDED and is_name(group) and _is_member(member):
            found.setdefault((group, member), (group, Target(member, sight.reason)))
    return tuple(found.values())


def _made(case: Case) -> Iterator[Target]:
    for sight in case.sights(Stage.ACCOUNT):
        if sight.fields.get("EventID") in _CREATED:
            yield Target(sight.fields.get("TargetUserName", ""), sight.reason)
        elif match := _NET_USER.search(sight.fields.get("CommandLine", "")):
            yield Target(match[1], sight.reason)


def _is_own(name: str) -> bool:
    return name.casefold() in BUILT_IN or name.endswith("$") or name == "-"


def _is_member(name: str) -> bool:
    return is_name(name) and name != "-"
