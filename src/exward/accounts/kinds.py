"""Which accounts are service accounts, and by what that is told."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from exward.accounts.known import NOTHING, Known
from exward.accounts.logon import INTERACTIVE_TYPES, UNATTENDED_TYPES
from exward.accounts.profile import DIMENSIONS, Profile

MANAGED, SERVICE, COMPUTER, PERSON = "managed", "service", "computer", "person"
_TYPE = DIMENSIONS.index("type")
_NAMED = re.compile(
    r"(?:^|[._-])(?:svc|service|srv|sa|sql|app|task|batch|job|backup|bkp|robot|bot|daemon|scan|"
    r"monitor|ldap|sync)(?=[._-]|\d|$)|^svc|svc$|^gmsa"
)
_SYSTEM = re.compile(
    r"^(?:system|local service|network service|anonymous logon|dwm-\d+|umfd-\d+|iusr|krbtgt|"
    r"healthmailbox[0-9a-f]*|.*\\.*)$"
)
"""Built-in accounts, those of sessions, and Exchange's own probes: of no interest here."""
_FEW = 20
_LONG_HOURS = 14 * 24
_RARE = 0.02
"""An account is still never interactive if an intruder was it once or twice."""


def is_system(account: str) -> bool:
    """Whether Windows or Exchange itself signs in with this name."""
    return _SYSTEM.match(account) is not None


def may_be_service(account: str, logon_type: str) -> bool:
    """Whether one sign-in hints at a service account: its name, or how it came; no computer's."""
    if account.endswith("$"):
        return False
    return logon_type in UNATTENDED_TYPES or _NAMED.search(account) is not None


def kind_of(
    profile: Profile,
    services: AbstractSet[str],
    servers: AbstractSet[str],
    known: Known = NOTHING,
) -> tuple[str, tuple[str, ...]]:
    """What an account is, and why.

    `services`: names that Kerberos tickets were asked for; `servers`: bare names of hosts; `known`:
    what a directory says.
    """
    name = profile.account
    unattended, interactive = _shares(profile)
    if known.kind in {MANAGED, COMPUTER}:
        return known.kind, known.told_by if known.kind == MANAGED else ()
    if name.endswith("$"):
        # A group-managed account runs services; a computer's own name is that of a host.
        if name[:-1] in servers or not unattended:
            return COMPUTER, ()
        return MANAGED, ("name ends with $, runs services or tasks",)
    why = list(known.told_by)
    if _NAMED.search(name):
        why.append("named like a service")
    # People get tickets from one another, too.
    if name in services and interactive <= _RARE and not known.told_by:
        why.append("has a service principal name")
    if unattended > 0.0:
        why.append("runs services or scheduled tasks")
    if why and interactive <= 0.5:
        return SERVICE, tuple(why)
    told = profile.dimensions[_TYPE].total > 0.0
    long = profile.last - profile.first >= _LONG_HOURS and profile.events >= _FEW
    if told and long and interactive <= _RARE and _is_steady(profile):
        return SERVICE, ("never interactive, at all hours",)
    return PERSON, ()


def _shares(profile: Profile) -> tuple[float, float]:
    """Shares of unattended and of interactive sign-ins among those whose type is told."""
    one = profile.dimensions[_TYPE]
    if one.total <= 0.0:
        return 0.0, 0.0
    sums = [
        sum(value.weight for name, value in one.values.items() if name in group)
        for group in (UNATTENDED_TYPES, INTERACTIVE_TYPES)
    ]
    return sums[0] / one.total, sums[1] / one.total


def _is_steady(profile: Profile) -> bool:
    """People sleep: some hour of the night without a sign-in in any week tells them."""
    return all(any(profile.week[day * 24 + hour] for day in range(7)) for hour in range(24))
