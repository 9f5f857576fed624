"""What the evidence says nothing of, so that nothing is wrong with it by silence alone."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.directory import Directory
from exward.access.facts import Kind


def missing(directory: Directory) -> tuple[str, ...]:
    """In words what was not judged, with what would tell of it (docs/access.md)."""
    return tuple(_missing(directory))


def _missing(directory: Directory) -> Iterator[str]:
    if not directory.members:
        yield "members of groups (Get-ADGroupMember)"
    if not directory.roles:
        yield "roles of Exchange (Get-ManagementRoleAssignment)"
    if not directory.mailbox_rights:
        yield "rights on mailboxes (Get-MailboxPermission)"
    domains = {key for key, one in directory.parties.items() if one.kind is Kind.DOMAIN}
    if not any(directory.key(one.target) in domains for one in directory.rights):
        yield "rights on the domain (Get-ADPermission)"
