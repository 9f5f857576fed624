"""Rights on mailboxes: Get-MailboxPermission, Get-RecipientPermission."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.exports.interface import Context
from exward.access.exports.properties import CUT, Properties
from exward.access.facts import Fact, MailboxRight, Reach

CMDLETS = ("Get-MailboxPermission", "Get-RecipientPermission")


def is_one(properties: Properties) -> bool:
    """Say whether an object says who may do what to which mailbox."""
    trustee = "User" in properties or "Trustee" in properties
    return trustee and properties.has("Identity", "AccessRights")


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield one fact for each right."""
    mailbox, trustee = properties.text("Identity"), properties.text("User", "Trustee")
    if not mailbox or not trustee:
        yield "a permission has no mailbox or no user"
        return
    for name in ("AccessRights", "ExtendedRights"):
        for right in _names(properties, name):
            yield MailboxRight(
                mailbox=mailbox,
                trustee=trustee,
                right=right.replace("-", "").replace(" ", ""),
                inherited=properties.truth("IsInherited") is True,
                deny=properties.truth("Deny") is True
                or properties.text("AccessControlType") == "Deny",
                place=context.place,
                reach=Reach(properties.text("InheritanceType")),
            )
        if properties.is_cut(name):
            yield f"{name} {CUT}"


def _names(properties: Properties, name: str) -> list[str]:
    """Rights by name; PowerShell 5.1 joins a list that lies too deep with blanks, and of names only
    those of extended rights have some.
    """
    found = properties.texts(name)
    return found if name == "ExtendedRights" else " ".join(found).split()
