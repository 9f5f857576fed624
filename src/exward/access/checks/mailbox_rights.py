"""Full access and Send As: by everybody, and by one account on many mailboxes."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.changes import Given
from exward.access.checks.domain_rights import is_usual
from exward.access.facts import ACCOUNTS, NO_LIST, MailboxRight
from exward.access.findings import Rule, Said, make
from exward.access.undoing import OPEN, Commands, of_mailbox
from exward.access.view import View
from exward.model.account import bare_name, split_account
from exward.model.everybody import WINDOWS, is_everybody
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
_WATCHED = frozenset(
    {"fullaccess", "sendas", "receiveas", "genericall", "changepermission", "changeowner"}
)
_ACCOUNT_OPERATORS = "s-1-5-32-548"
"""The schema gives them every right on each account that AdminSDHolder does not protect."""
_OF_ORGANISATION = ",cn=microsoft exchange,cn=services,"
"""In the distinguished name of a database."""
_SYSTEM = frozenset(
    {"exchange servers", "exchange trusted subsystem", "organization management",
     "exchange domain servers", "managed availability servers", "domain admins",
     "enterprise admins", "public folder management", "delegated setup"}
)  # fmt: skip
_OWN = frozenset({"self", "system", "selbst", "s-1-5-10", "s-1-5-18"})


def find(view: View) -> Iterator[Finding]:
    """Yield findings by trustee and right; what Exchange sets itself is left out."""
    held: dict[tuple[str, str], list[MailboxRight]] = {}
    for one in view.directory.mailbox_rights:
        known = one.right.casefold() in _WATCHED
        if one.deny or not known or _is_own(view, one) or _is_by_setup(view, one.trustee):
            continue
        if not one.inherited or _is_everybody(view, one):
            held.setdefault((view.directory.key(one.trustee), one.right), []).append(one)
    for about, listed in sorted(held.items()):
        if _is_everybody(view, listed[0]):
            yield _finding(view, about, listed, EVERYBODY, Severity.CRITICAL)
        elif any(map(_is_database, listed)) or len(_mailboxes(view, listed)) >= MANY_MAILBOXES:
            yield _finding(view, about, listed, MANY, Severity.HIGH)
        else:
            yield _finding(view, about, listed, SINGLE, Severity.LOW)


def _is_own(view: View, one: MailboxRight) -> bool:
    """Whether it is one's own mailbox; names say so only where one of the two is not known."""
    trustee, mailbox = view.directory.key(one.trustee), view.directory.key(one.mailbox)
    if {trustee, mailbox} <= view.directory.parties.keys():
        return trustee == mailbox
    return trustee == mailbox or bare_name(one.trustee) == bare_name(one.mailbox)


def _is_everybody(view: View, one: MailboxRight) -> bool:
    return is_everybody(one.trustee, view.directory.sid(view.directory.key(one.trustee)))


def _is_database(one: MailboxRight) -> bool:
    return _OF_ORGANISATION in one.mailbox.casefold()


def _is_by_setup(view: View, trustee: str) -> bool:
    """Whether Exchange's setup or the schema of the directory gives it."""
    name, domain = split_account(trustee)
    if name.casefold() in _OWN and domain.casefold() in WINDOWS:
        return True
    key = view.directory.key(trustee)
    sid = view.directory.sid(key)
    if sid.casefold() == _ACCOUNT_OPERATORS or is_usual(sid):
        return True
    party = view.directory.parties.get(key)
    if party is not None and party.kind in ACCOUNTS:
        return False  # a namesake of a group
    return bool({bare_name(trustee), view.directory.name(key).casefold()} & _SYSTEM)


def _mailboxes(view: View, listed: list[MailboxRight]) -> list[str]:
    return sorted({view.shown(one.mailbox) for one in listed})


def _commands(view: View, one: MailboxRight) -> Commands:
    """None of an inherited right: it stands elsewhere."""
    if one.inherited:
        return Commands()
    return of_mailbox(one, view.trustee(one.trustee))


def _fields(view: View, one: MailboxRight) -> dict[str, str]:
    known = {
        "mailbox": one.mailbox,
        "right": one.right,
        "trustee": view.account(one.trustee),
    }
    return _commands(view, one).told_with(known)


def _advice(view: View, listed: list[MailboxRight], rule: Rule) -> str:
    if rule is MANY and len(listed) > 1:
        return f"{rule.advice} The commands are with each mailbox in the results (JSON, HTML)."
    first = _commands(view, listed[0])
    if listed[0].reach == NO_LIST:
        return OPEN
    if not first.remove:
        return "It is inherited: remove it where it stands, at the database or above."
    more = f" Likewise the {len(listed) - 1:,} more." if len(listed) > 1 else ""
    return first.advice(rule.advice) + more


def _finding(
    view: View, about: tuple[str, str], listed: list[MailboxRight], rule: Rule, level: Severity
) -> Finding:
    mailboxes = _mailboxes(view, listed)
    shown = ", ".join(mailboxes[:3]) + (f" and {len(mailboxes) - 3:,} more" * (len(mailboxes) > 3))
    trustee = view.account(listed[0].trustee)
    number = "1 mailbox" if len(mailboxes) == 1 else f"{len(mailboxes):,} mailboxes"
    if any(map(_is_database, listed)):
        number = "every mailbox of a database"
    since = view.given(Given.MAILBOX, listed[0].trustee, about[1])
    return make(
        rule,
        Said(
            title=f"{rule.title}: {about[1]} of {trustee} on {number}",
            why=f"{trustee} has {about[1]} on {number}: {shown}. {since}".strip(),
            severity=level,
            about=about,
            places=[(one.place, _fields(view, one)) for one in listed],
            advice=_advice(view, listed, rule),
            account=trustee,
            count=len(mailboxes),
        ),
    )
