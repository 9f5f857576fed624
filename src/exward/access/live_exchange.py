"""What a live Active Directory holds of Exchange: roles, databases and who may open which mailbox.

Roles lie in the partition of the configuration, below CN=Microsoft Exchange,CN=Services. What
cannot be read there becomes a `Skipped`: an empty answer may be the lack of a right to read.
"""

from __future__ import annotations

from collections.abc import Iterator

import sansldap

from exward.access import ldap_entry, ldap_exchange
from exward.access.facts import Fact, Place, Role
from exward.access.ldap_connection import Address, Connection
from exward.access.live import attributes_of, domain_of, naming_context
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

_ORGANISATION = (
    f"(|(objectClass={ldap_exchange.ASSIGNMENT_CLASS})(objectClass={ldap_exchange.DATABASE_CLASS}))"
)
_MAILBOXES = "(msExchMailboxGuid=*)"
_ROLES, _MAIL = "roles of Exchange are not read", "rights on mailboxes are not read"
_NOT_SHOWN = "there is none here, or no right to read it"
_LISTS = (ldap_exchange.LIST_OF_MAILBOX, "nTSecurityDescriptor")


def organisation(connection: Connection) -> Iterator[Fact | Skipped]:
    """Yield assignments of roles and rights on databases; never raises EvidenceError: the rest of
    the directory counts without them.
    """
    source = f"ldap://{connection.where}"
    roles = unread = 0
    try:
        where = naming_context(connection, "configurationNamingContext")
        base = f"CN=Microsoft Exchange,CN=Services,{where}"
        entries = connection.search(base, _ORGANISATION, ldap_exchange.ORGANISATION, below=True)
        for number, entry in enumerate(entries, 1):
            for fact in _of_entry(connection, entry, Place(source, number)):
                roles += isinstance(fact, Role)
                yield fact
            unread += not _has(entry, "nTSecurityDescriptor")
    except EvidenceError as error:
        yield Skipped(source, None, f"{_ROLES}: {error.what}: {_NOT_SHOWN}")
        return
    if not roles:
        yield Skipped(source, None, f"{_ROLES}: no assignment below {base}: {_NOT_SHOWN}")
    if unread:
        yield Skipped(source, None, "databases of Exchange show no access list", unread)


def mailboxes(connection: Connection, address: Address) -> Iterator[Fact | Skipped]:
    """Yield who may open, or send as, which mailbox; never raises EvidenceError.

    Rights on the accounts themselves are not among them: there are too many.
    """
    source = f"ldap://{connection.where}"
    found, unread = 0, dict.fromkeys(_LISTS, 0)
    try:
        base = domain_of(connection, address)
        for entry in connection.search(base, _MAILBOXES, ldap_exchange.MAILBOX, below=True):
            if isinstance(entry, sansldap.SearchResultReference):
                continue  # counted with the domain itself
            found += 1
            place, attributes = Place(source, found), attributes_of(connection, entry)
            for fact in ldap_exchange.mail_rights(entry.object_name, attributes, place):
                yield Skipped(source, found, fact, 1) if isinstance(fact, str) else fact
            for name in _LISTS:
                unread[name] += name.casefold() not in attributes
    except EvidenceError as error:
        yield Skipped(source, None, f"{_MAIL}: {error.what}")
        return
    if not found:
        yield Skipped(source, None, f"{_MAIL}: no mailbox in {base}: {_NOT_SHOWN}")
    for name, count in unread.items():
        if count:
            yield Skipped(source, None, f"{_MAIL} in full: mailboxes without {name}", count)


def _of_entry(
    connection: Connection,
    entry: sansldap.SearchResultEntry | sansldap.SearchResultReference,
    place: Place,
) -> Iterator[Fact | Skipped]:
    if isinstance(entry, sansldap.SearchResultReference):
        return
    for fact in ldap_entry.facts(entry.object_name, attributes_of(connection, entry), place):
        if isinstance(fact, str):
            yield Skipped(place.source, place.position, fact, 1)
        else:
            yield fact


def _has(entry: object, name: str) -> bool:
    return any(one.name.casefold() == name.casefold() for one in getattr(entry, "attributes", ()))
