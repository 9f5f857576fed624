"""What speaks against a member of a watched group: each trait is one line of `TRAITS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from exward.access import kerberos
from exward.access.facts import Kind, Party
from exward.access.kerberos import DAY_US
from exward.access.view import View
from exward.model.everybody import is_everybody
from exward.model.severity import Severity
from exward.model.watchlist import MACHINES, NOBODY, PEOPLE, Watched

_NOT_PERSONAL = re.compile(
    r"(?:^|[-_.\s])(?:svc|srv|service|sa|app|bot|batch|backup|scan(?:ner)?|sql|test|temp|generic|"
    r"shared|admin\d*|dienst|konto)(?:$|[-_.\s\d])",
    re.IGNORECASE,
)


class Member(NamedTuple):
    """A member as the traits see it."""

    view: View
    watched: Watched
    key: str
    party: Party | None


class Trait(NamedTuple):
    """Says why a member is suspect, "" if it is not; `level` None: the group's own.

    `name` is what many members are said to be. `instead`: what may be done instead of removing the
    member, with NAME for it; "" if nothing.
    """

    name: str
    level: Severity | None
    test: Callable[[Member], str]
    instead: str = ""


class Suspicion(NamedTuple):
    """What speaks against one member: by which trait, in words, and how much."""

    trait: str
    words: str
    level: Severity
    instead: str


def traits(member: Member) -> Iterator[Suspicion]:
    """Yield what speaks against a member, in the order of `TRAITS`."""
    for one in TRAITS:
        words = one.test(member)
        if words:
            yield Suspicion(one.name, words, one.level or member.watched.level, one.instead)


def _everybody(one: Member) -> str:
    directory = one.view.directory
    found = is_everybody(directory.name(one.key), directory.sid(one.key))
    return "stands for everybody" if found else ""


def _unexpected(one: Member) -> str:
    if one.watched.expects != NOBODY:
        return ""
    return "in a group that should be empty"


def _wrong_kind(one: Member) -> str:
    kind = one.party.kind if one.party is not None else Kind.UNKNOWN
    if one.watched.expects == MACHINES and kind in {Kind.USER, Kind.SERVICE}:
        return "a user account in a group for servers"
    if one.watched.expects == PEOPLE and kind is Kind.COMPUTER:
        return "a computer in a group for people"
    return ""


def _disabled(one: Member) -> str:
    return "disabled" if one.party is not None and one.party.enabled is False else ""


def _dormant(one: Member) -> str:
    if one.party is None or one.party.last_logon is None or one.party.enabled is False:
        return ""
    limit = one.view.limits.dormant_days
    if one.party.last_logon == 0:
        made = one.party.created
        young = made is not None and one.view.as_of - made < limit * DAY_US
        return "" if young else "never logged on"
    days = (one.view.as_of - one.party.last_logon) // DAY_US
    return f"no logon for {days} days" if days >= limit else ""


def _never_expires(one: Member) -> str:
    return "password never expires" if one.party is not None and one.party.never_expires else ""


def _kerberoastable(one: Member) -> str:
    if one.party is None or not kerberos.is_kerberoastable(one.party):
        return ""
    return f"kerberoastable: {kerberos.roasting(one.party, one.view.as_of)}"


def _unconstrained(one: Member) -> str:
    if one.party is None or not one.party.unconstrained or one.view.is_domain_controller(one.key):
        return ""
    return "may act as whoever signs in to it (unconstrained delegation)"


def _old_password(one: Member) -> str:
    if one.party is None or one.party.kind not in {Kind.USER, Kind.UNKNOWN}:
        return ""
    if kerberos.is_kerberoastable(one.party):
        return ""  # says it, too
    days = kerberos.password_days(one.party, one.view.as_of)
    old = days is not None and days >= kerberos.OLD_PASSWORD_DAYS
    return f"password {days:,} days old" if old else ""


def _weak_password(one: Member) -> str:
    if one.party is not None and one.party.no_password:
        return "may have an empty password"
    stored = one.party is not None and one.party.reversible
    return "its password is stored so that it can be read" if stored else ""


def _sid_history(one: Member) -> str:
    if one.party is None or not one.party.sid_history:
        return ""
    directory = one.view.directory
    names = [directory.name(directory.key(sid)) for sid in one.party.sid_history[:3]]
    return f"also has the rights of {', '.join(names)} (SID history)"


def _runs(one: Member) -> str:
    hosts = sorted({run.server for run in one.view.runs.get(one.key, ())})
    if not hosts:
        return ""
    more = f" and {len(hosts) - 3} more" if len(hosts) > 3 else ""
    return f"its password is kept by {', '.join(hosts[:3])}{more}, where it runs services or tasks"


def _no_preauthentication(one: Member) -> str:
    open_to_all = one.party is not None and one.party.no_preauthentication
    return (
        "no Kerberos pre-authentication: its password can be guessed offline" if open_to_all else ""
    )


def _not_personal(one: Member) -> str:
    if one.party is None or one.watched.expects == MACHINES:
        return ""
    if one.party.kind is Kind.SERVICE:
        return "a service account"
    named = _NOT_PERSONAL.search(one.party.name)
    return "not a personal account by its name" if named is not None else ""


def _mailbox(one: Member) -> str:
    return "has a mailbox: mail reaches an administrator" if one.party and one.party.mailbox else ""


def _foreign(one: Member) -> str:
    foreign = one.party is not None and one.party.kind is Kind.FOREIGN
    in_domain = one.view.directory.sid(one.key).casefold().startswith("s-1-5-21-")
    return "of another domain or forest" if foreign and in_domain else ""


def _outside_tier(one: Member) -> str:
    patterns = one.view.limits.admin_tier
    if not patterns or one.party is None or one.party.kind is Kind.COMPUTER:
        return ""
    names = (one.party.dn.casefold(), one.party.name.casefold())
    inside = any(fnmatchcase(name, pattern.casefold()) for name in names for pattern in patterns)
    return "" if inside else "outside of the admin tier"


TRAITS = (
    Trait("stand for everybody", Severity.CRITICAL, _everybody),
    Trait("in a group that should be empty", None, _unexpected),
    Trait("of the wrong kind for the group", None, _wrong_kind),
    Trait("kerberoastable", Severity.HIGH, _kerberoastable),
    Trait(
        "without Kerberos pre-authentication",
        Severity.HIGH,
        _no_preauthentication,
        "Set-ADAccountControl NAME -DoesNotRequirePreAuth $false",
    ),
    Trait(
        "with unconstrained delegation",
        Severity.HIGH,
        _unconstrained,
        "Set-ADAccountControl NAME -TrustedForDelegation $false",
    ),
    Trait("with a SID history", Severity.HIGH, _sid_history),
    Trait("whose password servers keep", Severity.MEDIUM, _runs),
    Trait("with an empty or readable password", Severity.MEDIUM, _weak_password),
    Trait("dormant or never used", Severity.HIGH, _dormant),
    Trait("outside of the admin tier", Severity.MEDIUM, _outside_tier),
    Trait("disabled", Severity.MEDIUM, _disabled),
    Trait("not personal", Severity.MEDIUM, _not_personal),
    Trait("of other domains or forests", Severity.MEDIUM, _foreign),
    Trait("with a mailbox", Severity.LOW, _mailbox, "Give the person a second account for mail"),
    Trait(
        "with a password older than a year",
        Severity.LOW,
        _old_password,
        "Set-ADUser NAME -ChangePasswordAtLogon $true",
    ),
    Trait(
        "with a password that never expires",
        Severity.LOW,
        _never_expires,
        "Set-ADUser NAME -PasswordNeverExpires $false",
    ),
)
