"""Rights on the domain and on AdminSDHolder that let their holders take the whole domain over.

The permissions that Exchange gave itself on the domain until February 2019: Microsoft, security
advisory and knowledge base 4490059. Replication rights: [MS-ADTS] 5.1.3.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from exward.access import rights
from exward.access.directory import effective
from exward.access.facts import ACCOUNTS, Right
from exward.access.findings import Rule, Said, make
from exward.access.undoing import Commands, advised, of_object
from exward.access.view import ADMIN_SD_HOLDER, View
from exward.model.everybody import is_everybody
from exward.model.finding import Finding
from exward.model.severity import Severity

TAKE_OVER = Rule(
    id="access-domain-rights",
    title="Right to take over the domain",
    techniques=("T1222.001", "T1098"),
    advice="Run setup /PrepareAD of a current update if Exchange holds it; else remove the entry.",
    references=("https://support.microsoft.com/help/4490059",),
)
REPLICATION = Rule(
    id="access-domain-replication",
    title="Right to replicate every password of the domain",
    techniques=("T1003.006",),
    advice="Only domain controllers and the approved account for synchronisation need it.",
)
HOLDER = Rule(
    id="access-adminsdholder-rights",
    title="Right on the template of all protected accounts (AdminSDHolder)",
    techniques=("T1222.001",),
    advice="Remove the entry: within an hour it is copied to every protected account.",
)
RULES = (TAKE_OVER, REPLICATION, HOLDER)

_USUAL_RIDS = ("-512", "-516", "-519", "-521")
"""Domain Admins, Domain Controllers, Enterprise Admins, read-only domain controllers."""
_ENTERPRISE = "519"
_USUAL = frozenset({"s-1-5-18", "s-1-5-9", "s-1-5-32-544", "s-1-5-10", "s-1-3-0"})
_DANGEROUS = rights.TAKE_OVER | {rights.GENERIC_WRITE, rights.ALL_EXTENDED}
_EXCHANGE = ("exchange ", "organization management")
_COPY = frozenset({rights.GET_CHANGES, rights.GET_CHANGES_ALL})
_ANYBODY = ""
"""No party's name: stands for each of them."""


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each trustee with such a right that is not one of the usual ones."""
    held: dict[tuple[str, str], list[Right]] = {}
    for one in view.directory.rights:
        target = view.directory.key(one.target)
        if view.guards(target):
            held.setdefault((target, view.directory.key(one.trustee)), []).append(one)
    copiers = _copiers(view, held)
    for (target, trustee), listed in sorted(held.items()):
        party = view.directory.parties[target]
        if is_usual(view.directory.sid(trustee), party.sid):
            continue
        if party.dn.casefold().startswith(ADMIN_SD_HOLDER):
            yield from _of_target(view, (target, trustee), listed, HOLDER)
        else:
            yield from _of_target(view, (target, trustee), listed, TAKE_OVER)
            yield from _replication(view, (target, trustee), listed, copiers.get(target, set()))


def is_usual(sid: str, target: str = "") -> bool:
    """Whether a trustee of this SID has every right anyway.

    `target`: the SID of the domain, or of an object in it; administrators of another domain have
    none there, but for Enterprise Admins. "": not known, and theirs count.
    """
    folded = sid.casefold()
    if folded in _USUAL:
        return True
    domain, _, last = folded.rpartition("-")
    if not folded.startswith("s-1-5-21-") or f"-{last}" not in _USUAL_RIDS:
        return False
    there = target.casefold()
    known = there.startswith("s-1-5-21-")
    return not known or last == _ENTERPRISE or there == domain or there.rpartition("-")[0] == domain


def _of_target(
    view: View, about: tuple[str, str], listed: list[Right], rule: Rule
) -> Iterator[Finding]:
    dangerous = [one for one in listed if one.right in _DANGEROUS]
    if dangerous:
        name = view.directory.name(about[1])
        by_exchange = _is_of_exchange(view, about[1])
        words = ", ".join(sorted({one.right for one in dangerous}))
        more = ": every Exchange server, and who takes one over, owns the domain"
        told = f"{name} has {words}{more * by_exchange}"
        yield _finding(view, rule, about, dangerous, told)


def _copiers(view: View, held: Mapping[tuple[str, str], list[Right]]) -> dict[str, set[str]]:
    """By domain, who has the first of the two rights himself or by a group: who has the second may
    have it by another entry, or by another group.
    """
    found: dict[str, set[str]] = {}
    for (target, trustee), listed in held.items():
        if any(one.right == rights.GET_CHANGES for one in listed):
            everybody = is_everybody(trustee, view.directory.sid(trustee))
            inside = (_ANYBODY,) if everybody else effective(view.directory, trustee)
            found.setdefault(target, set()).update((trustee, *inside))
    return found


def _replication(
    view: View, about: tuple[str, str], listed: list[Right], copiers: Set[str]
) -> Iterator[Finding]:
    found = [one for one in listed if one.right in _COPY]
    if all(one.right != rights.GET_CHANGES_ALL for one in found):
        return
    who = {about[1], _ANYBODY, *effective(view.directory, about[1])}
    if who & copiers:
        name = view.directory.name(about[1])
        why = f"{name} has {' and '.join(sorted(_COPY))}: a copy of every password on request"
        yield _finding(view, REPLICATION, about, sorted(found, key=lambda one: one.right), why)


def _commands(view: View, about: tuple[str, str], found: list[Right]) -> Commands:
    """For entries of the object itself; what Exchange holds, setup puts right."""
    target, trustee = about
    party = view.directory.parties.get(target)
    if party is None or _is_of_exchange(view, trustee):
        return Commands()
    return of_object(party.dn, view.identity(trustee), found)


def _is_of_exchange(view: View, trustee: str) -> bool:
    """Whether it is a group of Exchange's, by name, and no account that is called so."""
    party = view.directory.parties.get(trustee)
    is_account = party is not None and party.kind in ACCOUNTS
    return not is_account and view.directory.name(trustee).casefold().startswith(_EXCHANGE)


def _fields(view: View, about: tuple[str, str], one: Right) -> dict[str, str]:
    known = {
        "right": one.right,
        "trustee": view.directory.name(about[1]),
        "target": view.directory.name(about[0]),
    }
    return _commands(view, about, [one]).told_with(known)


def _finding(
    view: View, rule: Rule, about: tuple[str, str], found: list[Right], why: str
) -> Finding:
    target, trustee = about
    name = view.directory.name(trustee)
    return make(
        rule,
        Said(
            title=f"{rule.title}: {name}",
            why=why,
            severity=Severity.CRITICAL,
            about=about,
            places=[(one.place, _fields(view, about, one)) for one in found],
            advice=advised(found, _commands(view, about, found), rule.advice),
            server=view.domain(target),
            account=name,
        ),
    )
