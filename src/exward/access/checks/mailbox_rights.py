"""Full access and Send As: by everybody, and by one account on many mailboxes."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.changes import Given
from exward.access.everybody import is_everybody
from exward.access.facts import MailboxRight
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model.account import bare_name
from exward.model.finding import Finding
from exward.model.severity import Severity

EVERYBODY = Rule(
    id="access-mailbox-open-to-all",
    title="Mailbox open to everybody",
    techniques=("T1098.002",),
    advice="Remove the permission.",
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
    advice="Ask the owner of the mailbox.",
)
RULES = (EVERYBODY, MANY, SINGLE)
MANY_MAILBOXES = 20
_WATCHED = frozenset({"fullaccess", "sendas", "receiveas", "genericall"})
_SYSTEM = frozenset(
    {"self", "system", "exchange servers", "exchange trusted subsystem", "organization management",
     "exchange domain servers", "managed availability servers", "domain admins", "administrator",
     "enterprise admins", "public folder management", "delegated setup", "selbst", "s-1-5-10",
     "s-1-5-18"}
)  # fmt: skip


def find(view: View) -> Iterator[Finding]:
    """Yield findings by trustee and right; what Exchange sets itself is left out."""
    held: dict[tuple[str, str], list[MailboxRight]] = {}
    for one in view.directory.mailbox_rights:
        name = bare_name(one.trustee)
        own = name == bare_name(one.mailbox)
        if one.deny or own or one.right.casefold() not in _WATCHED or name in _SYSTEM:
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
            why=f"{trustee} has {about[1]} on {number}: {shown}. {since}".strip(),
            severity=level,
            about=about,
            places=[(one.place, {"mailbox": one.mailbox, "right": one.right}) for one in listed],
            account=trustee,
            count=len(mailboxes),
        ),
    )
