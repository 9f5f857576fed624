"""Rights that somebody got or lost: management roles, mailboxes, objects of the directory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from exward.access.changes import Given, RightChange, hands
from exward.access.checks.mailbox_rights import MANY_MAILBOXES
from exward.access.checks.object_rights import targets_of
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model import watchlist
from exward.model.account import bare_name
from exward.model.everybody import is_everybody
from exward.model.finding import Confidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

GIVEN = Rule(
    id="access-right-given",
    title="Right given",
    techniques=("T1098",),
    advice="Ask who ordered it; take the right back if nobody did.",
)
TAKEN = Rule(
    id="access-right-taken",
    title="Right taken away",
    techniques=("T1098",),
    advice="Ask whether it was meant: attackers cover their tracks so, too.",
)
RULES = (GIVEN, TAKEN)

_WHOLE_MAILBOX = ("fullaccess", "sendas", "send-as", "receive-as", "receiveas", "genericall")
_TAKES_OVER = (
    "genericall", "writedacl", "writeowner", "genericwrite", "allextendedrights", "getchangesall",
    "replication", "addmember", "addself", "access list", "key that",
    "certificate that", "group policy",
)  # fmt: skip
_MAX_NAMED = 3
MAX_SINGLE = 50
"""Accounts with rights on a few mailboxes that get a finding each, the latest; more are counted."""


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each party and right, whatever logs tell of it and how often."""
    merged: dict[tuple[str, str, str, str, bool], list[RightChange]] = {}
    leading = targets_of(view) if view.right_changes else frozenset()
    for one in view.right_changes:
        if _is_noise(view, one, leading):
            continue
        # One who got the same right on many mailboxes is one finding.
        on = "" if one.kind is Given.MAILBOX else view.directory.key(one.on)
        about = (str(one.kind), view.directory.who(one.who), one.what.casefold(), on, one.added)
        merged.setdefault(about, []).append(one)
    ordered = sorted(merged.items())
    single = [item for item in ordered if not _is_small(view, item[1])]
    small = sorted(
        (item for item in ordered if _is_small(view, item[1])), key=_latest, reverse=True
    )
    for about, changes in (*single, *small[:MAX_SINGLE]):
        yield _finding(view, (*about[:4], str(about[4])), changes)
    if small[MAX_SINGLE:]:
        yield _summed(view, [changes for _, changes in small[MAX_SINGLE:]])


def _is_noise(view: View, one: RightChange, leading: Set[str]) -> bool:
    """Attributes of objects that lead nowhere change all day; cmdlets are somebody's act."""
    if one.kind is not Given.DIRECTORY or not one.how.startswith("event "):
        return False
    key = view.directory.key(one.on)
    return not (view.guards(key) or key in view.watched or key in leading)


def _is_small(view: View, changes: Sequence[RightChange]) -> bool:
    """Rights on a few mailboxes: daily bread where there are many of them."""
    one = changes[0]
    targets = len({change.on for change in changes})
    weight = _weight(view, one, targets)[0].rank
    return one.kind is Given.MAILBOX and one.added and weight <= Severity.MEDIUM.rank


def _latest(item: tuple[tuple[str, str, str, str, bool], list[RightChange]]) -> tuple[int, str]:
    return max(one.time or 0 for one in item[1]), item[0][1]


def _summed(view: View, rest: Sequence[Sequence[RightChange]]) -> Finding:
    names = sorted({_name(view, changes[0].who) for changes in rest})
    title = f"Rights on mailboxes given to {len(rest):,} more accounts"
    return make(
        GIVEN,
        Said(
            title=title,
            why=f"{title}, earlier than those above: {_listed(names)}",
            severity=Severity.LOW,
            about=("more",),
            places=[
                (one.place, {"who": _name(view, one.who), "right": one.what, "on": one.on})
                for changes in rest
                for one in changes
            ],
            count=len(rest),
            grade=Grade.SUCCESS,
            confidence=Confidence.MEDIUM,
            stage=Stage.ACCOUNT,
        ),
    )


def _finding(view: View, about: tuple[str, ...], changes: Sequence[RightChange]) -> Finding:
    first = changes[0]
    who = _name(view, first.who)
    targets = sorted({_name(view, one.on) for one in changes if one.on})
    times = [one.time for one in changes if one.time is not None]
    said = _said(first, who, targets)
    level, why = _weight(view, first, len(targets)) if first.added else (Severity.LOW, "")
    return make(
        GIVEN if first.added else TAKEN,
        Said(
            title=said,
            why=f"{said} {hands(changes)}. {why}".strip(),
            severity=level,
            about=about,
            places=[
                (one.place, {"who": who, "right": one.what, "on": _name(view, one.on),
                             "by": one.by})
                for one in changes
            ],
            account=who,
            first=min(times, default=None),
            count=len({(one.on.casefold(), one.what) for one in changes}),
            grade=Grade.SUCCESS,
            confidence=Confidence.MEDIUM,
            stage=Stage.ACCOUNT if times else Stage.ACCESS_REVIEW,
        ),
    )  # fmt: skip


def _said(one: RightChange, who: str, targets: Sequence[str]) -> str:
    if one.kind is Given.ROLE and not one.who:
        done = "changed" if one.added else "removed"
        return f"Assignment of a management role {done}: {', '.join(targets)}"
    where = _listed(targets)
    done = ("given to" if one.added else "taken from") + f" {who}"
    if one.kind is Given.ROLE:
        return f"{one.what} {done}" + (f" over {where}" if where else "")
    if not one.who:
        return f"{one.what} of {where} {'changed' if one.added else 'removed'}".capitalize()
    return f"{one.what or 'Rights'} on {where or 'something'} {done}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMED
    shown = ", ".join(names[:_MAX_NAMED])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _weight(view: View, one: RightChange, targets: int) -> tuple[Severity, str]:
    """How bad it is that somebody has this now, and why."""
    if one.kind is Given.ROLE:
        return _weight_of_role(one)
    what = one.what.casefold()
    if one.kind is Given.MAILBOX:
        if is_everybody(one.who, view.directory.sid(view.directory.key(one.who))):
            return Severity.CRITICAL, "That is everybody."
        if not any(word in what for word in _WHOLE_MAILBOX):
            return Severity.LOW, ""
        return (Severity.HIGH if targets >= MANY_MAILBOXES else Severity.MEDIUM), ""
    return _weight_on_object(view, one, what)


def _weight_of_role(one: RightChange) -> tuple[Severity, str]:
    if not one.who:
        return Severity.MEDIUM, "Its scope or its holder may have become another."
    watched = watchlist.role_named().get(bare_name(one.what))
    if watched is None:
        return Severity.LOW, ""
    return watched.severity(scoped=bool(one.on)), watched.why


def _weight_on_object(view: View, one: RightChange, what: str) -> tuple[Severity, str]:
    target = view.directory.key(one.on)
    takes_over = any(word in what for word in _TAKES_OVER)
    if view.guards(target):
        level = Severity.CRITICAL if takes_over else Severity.HIGH
        return level, "From there leads a way to the whole domain."
    if target in view.watched:
        return view.watched[target].level, view.watched[target].why
    if view.is_watched_member(target):
        return Severity.HIGH, "It is a member of a high-profile group."
    if target in view.holders:
        return Severity.HIGH, f"It has the role {view.holders[target][1]}."
    return (Severity.MEDIUM if takes_over or "-as" in what else Severity.LOW), ""


def _name(view: View, reference: str) -> str:
    if not reference:
        return ""
    key = view.directory.key(reference)
    return view.directory.name(key) if key in view.directory.parties else reference
