"""From a snapshot of a directory to what `exward accounts` wants to know of each account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from exward.access import kerberos
from exward.access.directory import assemble
from exward.access.facts import Kind, Party
from exward.access.judge import Material, view_of
from exward.access.view import View
from exward.accounts.kinds import COMPUTER, MANAGED
from exward.accounts.known import Known, KnownAccounts
from exward.model.skipped import Skipped
from exward.scan.access_review import Read, read_paths

_KINDS = {Kind.SERVICE: MANAGED, Kind.COMPUTER: COMPUTER}
_ACCOUNTS = frozenset({Kind.USER, Kind.SERVICE, Kind.COMPUTER, Kind.UNKNOWN})
_NAMED = 3


def from_snapshot(
    path: str, password: str | None, now: int
) -> tuple[KnownAccounts, tuple[Skipped, ...]]:
    """As `known_accounts`, of a snapshot as `exward access` reads or saves it, and what of it could
    not be read. Raises EvidenceError if it says nothing.
    """
    read = read_paths((path,), password)
    return known_accounts(read, now), tuple(read.skipped)


def known_accounts(read: Read, now: int) -> KnownAccounts:
    """What the facts say of every account; `now` is µs since 1970-01-01 UTC."""
    view = view_of(Material(assemble(read.facts)), now)
    groups = _groups(view)
    every = view.directory.parties.items()
    parties = {key: one for key, one in every if one.kind in _ACCOUNTS and one.name}
    names = Counter(one.name.casefold() for one in parties.values())
    found = {
        one.name.casefold(): _known(view, key, one, groups.get(key, ()))
        for key, one in parties.items()
        if names[one.name.casefold()] == 1
    }
    for key, runs in view.runs.items():  # accounts that nothing else is known of
        if key not in view.directory.parties:
            found.setdefault(key, Known(told_by=(_running(run.what for run in runs),)))
    return found


def _groups(view: View) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group, paths in view.members.items():
        for member in paths:
            found.setdefault(member, []).append(view.directory.name(group))
    return found


def _known(view: View, key: str, party: Party, groups: Sequence[str]) -> Known:
    return Known(
        _KINDS.get(party.kind, ""),
        tuple(_told_by(view, key, party)),
        tuple(_words(view, party)),
        tuple(sorted(groups)),
    )


def _told_by(view: View, key: str, party: Party) -> Iterator[str]:
    if party.kind is Kind.SERVICE:
        yield "a managed account of the directory"
    elif party.spns and party.kind is not Kind.COMPUTER:
        yield f"has the service name {party.spns[0]}"
    runs = view.runs.get(key, ())
    if runs:
        yield _running(f"{run.what} on {run.server}" for run in runs)


def _running(what: Iterator[str]) -> str:
    listed = sorted(set(what))
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return f"runs {', '.join(listed[:_NAMED])}{more}"


def _words(view: View, party: Party) -> Iterator[str]:
    if kerberos.is_kerberoastable(party):
        yield f"kerberoastable: {kerberos.roasting(party, view.as_of)}"
    if party.unconstrained and party.kind is not Kind.COMPUTER:
        yield "may act as whoever signs in to it"
    if party.delegates_to:
        yield f"may act as others towards {', '.join(party.delegates_to[:_NAMED])}"
    if party.never_expires:
        yield "password never expires"
    if party.enabled is False:
        yield "disabled"
