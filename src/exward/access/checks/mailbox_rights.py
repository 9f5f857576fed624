"""Full access and Send As: by everybody, and by one account on many mailboxes."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.changes import Given
from exward.access.everybody import is_everybody
from exward.access.facts import MailboxRight
from exward.access.findings import Rule, Said, make
from exward.access.undoing import Commands, of_mailbox
from exward.access.view import View
from exward.model.account import bare_name, split_account
from exward.model.finding import Finding
from exward.model.severity import Severity

EVERYBODY = Rule(
    id="access-mailbox-open-to-all",
    title="Mailbox open to everybody",
    techniques=("T1098.002",),
    advice="Remove the permission:",
)
MANY = Rule(
    id="access-mailboxes-of-one",
    title="One account may open many mailboxes",
    techniques=("T1098.002", "T1114.002"),
    advice="Ask what for; give the product that needs it a role with a scope.",
)
SINGLE = Rule(
    id="access-mailbox-full-access",
    title="Account with full access to another's mailbox",
    techniques=("T1098.002",),
    advice="Ask the owner of the mailbox; if he does not want it:",
)
RULES = (EVERYBODY, MANY, SINGLE)
MANY_MAILBOXES = 20
_WATCHED = frozenset({"fullaccess", "sendas", "receiveas", "genericall"})
_SYSTEM = frozenset(
    {"exchange servers", "exchange trusted subsystem", "organization management",
     "exchange domain servers", "managed availability servers", "domain admins",
     "enterprise admins", "public folder management", "delegated setup"}
)  # fmt: skip
_OWN = frozenset({"self", "system", "selbst", "s-1-5-10", "s-1-5-18"})
_WINDOWS = ("nt authority", "nt-autorität", "autorite nt", "autorité nt", "autoridad nt", "")
"""The domain of Windows' own names, as languages write it: an account may be named `self`, too."""


def find(view: View) -> Iterator[Finding]:
    """Yield findings by trustee and right; what Exchange sets itself is left out."""
    held: dict[tuple[str, str], list[MailboxRight]] = {}
    for one in view.directory.mailbox_rights:
        name = bare_name(one.trustee)
        own = name == bare_name(one.mailbox)
        if one.deny or own or one.right.casefold() not in _WATCHED or _is_by_setup(one.trustee):
            continue
        if not one.inherited or is_everybody(one.trustee):
            held.setdefault((view.directory.key(one.trustee), one.right), []).append(one)
    for (key, right), listed in sorted(held.items()):
        if is_everybody(listed[0].trustee):
            yield _finding(view, (key, right), listed, EVERYBODY, Severity.CRITICAL)
        elif len({one.mailbox for one in listed}) >= MANY_MAILBOXES:
            yield _finding(view, (key, right), listed, MANY, Severity.HIGH)
        else:
            yield _finding(view, (key, right), listed, SINGLE, Severity.LOW)


def _is_by_setup(trustee: str) -> bool:
    name, domain = split_account(trustee)
    windows = name.casefold() in _OWN and domain.casefold() in _WINDOWS
    return windows or bare_name(trustee) in _SYSTEM


def _commands(one: MailboxRight) -> Commands:
    """None of an inherited right: it stands elsewhere."""
    return Commands() if one.inherited else of_mailbox(one.mailbox, one.trustee, one.right)


def _fields(one: MailboxRight) -> dict[str, str]:
    remove, undo = _commands(one)
    known = {"mailbox": one.mailbox, "right": one.right, "remove": remove, "undo": undo}
    return {name: text for name, text in known.items() if text}


def _advice(listed: list[MailboxRight], rule: Rule) -> str:
    if rule is MANY:
        return f"{rule.advice} The commands are with each mailbox in the results (JSON, HTML)."
    first = _commands(listed[0])
    if not first.remove:
        return "It is inherited: remove it where it stands, at the database or above."
    more = f" Likewise the {len(listed) - 1:,} more." if len(listed) > 1 else ""
    return first.advice(rule.advice) + more


def _finding(
    view: View, about: tuple[str, str], listed: list[MailboxRight], rule: Rule, level: Severity
) -> Finding:
    mailboxes = sorted({one.mailbox for one in listed})
    shown = ", ".join(mailboxes[:3]) + (f" and {len(mailboxes) - 3:,} more" * (len(mailboxes) > 3))
    trustee = listed[0].trustee
    number = "1 mailbox" if len(mailboxes) == 1 else f"{len(mailboxes):,} mailboxes"
    since = view.given(Given.MAILBOX, trustee, about[1])
    return make(
        rule,
        Said(
            title=f"{rule.title}: {about[1]} of {trustee} on {number}",
            why=f"{trustee} has {about[1]} on {number}: {shown}. {since}".strip(),
            severity=level,
            about=about,
            places=[(one.place, _fields(one)) for one in listed],
            advice=_advice(listed, rule),
            account=trustee,
            count=len(mailboxes),
        ),
    )
