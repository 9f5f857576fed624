"""A live Active Directory as facts: users, computers and groups, and the access lists that matter.

What it holds of Exchange is read by `live_exchange.py`. Groups are fetched with their members and
nesting is followed by the client: servers need seconds for what the client does in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import sansldap

from exward.access import ldap_entry, security_descriptor
from exward.access.facts import Fact, Party, Place, Token
from exward.access.ldap_connection import Address, Connection
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

MAX_ENTRIES = 5_000_000
MAX_TOKENS = 500
"""Accounts whose groups the server is asked for: a question each."""
MAX_FAILED = 5
"""Questions in a row without an answer after which no more are asked."""
MAX_GUARDS = 5_000
"""Objects whose access lists are asked for: a question each."""
MAX_RANGES = 10_000
"""Pieces in which a server may hand out the values of one attribute (1,500 each)."""
ANY = "(objectClass=*)"
_QUERY = "(|(objectClass=user)(objectClass=group)(objectClass=foreignSecurityPrincipal))"
_LISTED = tuple(one for one in ldap_entry.ATTRIBUTES if one != "nTSecurityDescriptor")
_GUARDED = ("objectClass", "objectSid", "sAMAccountName", "cn", "ou", "nTSecurityDescriptor")
_RANGE = re.compile(r"([\w-]{1,64});range=\d{1,9}-(\d{1,9}|\*)\Z", re.IGNORECASE)


def facts(connection: Connection, address: Address) -> Iterator[Fact | Skipped]:
    """Yield what the directory says; raises EvidenceError if it cannot be read to its end."""
    source = f"ldap://{connection.where}"
    base = domain_of(connection, address)
    number = 0
    for guarded in (base, f"CN=AdminSDHolder,CN=System,{base}"):
        try:
            found = list(connection.search(guarded, ANY, _GUARDED, below=False))
        except EvidenceError as error:
            yield Skipped(source, None, f"rights on {guarded}: {error.what}")
            continue
        for entry in found:
            number += 1
            yield from _facts(connection, entry, Place(source, number))
    for entry in connection.search(base, _QUERY, _LISTED, below=True):
        number += 1
        if number > MAX_ENTRIES:
            raise EvidenceError(f"more than {MAX_ENTRIES:,} entries", "give a base", source)
        yield from _facts(connection, entry, Place(source, number))


def guards(connection: Connection, names: Sequence[str]) -> Iterator[Fact | Skipped]:
    """Ask for the access lists of the objects with these distinguished names, at most MAX_GUARDS:
    who may change a group's members, set an account's password, take a server over.
    """
    source = f"ldap://{connection.where}"
    read = failed = 0
    for read, dn in enumerate(names[:MAX_GUARDS], 1):
        try:
            found = list(connection.search(dn, ANY, _GUARDED, below=False))
        except EvidenceError as error:
            yield Skipped(source, None, f"rights on {dn}: {error.what}")
            failed += 1
            if failed == MAX_FAILED:  # the connection is lost
                break
            continue
        failed = 0
        for entry in found:
            yield from _facts(connection, entry, Place(source, read))
    if len(names) > read:
        what = "rights on members of watched groups, and where they lie, are not read"
        yield Skipped(source, None, what, len(names) - read)


def tokens(connection: Connection, accounts: Sequence[Party]) -> Iterator[Token | Skipped]:
    """Ask the server to which groups it counts each of these itself; at most MAX_TOKENS."""
    source = f"ldap://{connection.where}"
    for number, account in enumerate(accounts[:MAX_TOKENS], 1):
        place = Place(source, number)
        try:
            found = list(connection.search(account.dn, ANY, ("tokenGroups",), below=False))
        except EvidenceError as error:
            yield Skipped(source, None, f"groups of {account.dn}: {error.what}")
            return
        for entry in found:
            for one in getattr(entry, "attributes", ()):
                yield Token(account.sid, tuple(_sids(map(bytes, one.values))), place)


def _sids(values: Iterable[bytes]) -> Iterator[str]:
    for value in values:
        try:
            yield security_descriptor.sid_text(value)
        except ValueError:
            continue


def domain_of(connection: Connection, address: Address) -> str:
    """The domain that is read: that of the address, else the server's own."""
    found = address.base or naming_context(connection, "defaultNamingContext")
    if not found:
        raise EvidenceError("the server names no domain of its own", "give it: ldaps://host/DC=…")
    return found


def naming_context(connection: Connection, which: str) -> str:
    """A name that the server's root entry gives ([MS-ADTS] 3.1.1.3.2), "" if it has none."""
    for entry in connection.search("", ANY, (which,), below=False):
        for one in getattr(entry, "attributes", ()):
            if one.name.casefold() == which.casefold() and one.values:
                return bytes(one.values[0]).decode("utf-8", "replace")
    return ""


def _facts(
    connection: Connection,
    entry: sansldap.SearchResultEntry | sansldap.SearchResultReference,
    place: Place,
) -> Iterator[Fact | Skipped]:
    if isinstance(entry, sansldap.SearchResultReference):
        where = ", ".join(entry.uris)[:300]
        yield Skipped(place.source, place.position, f"a referral is not followed: {where}", 1)
        return
    attributes = attributes_of(connection, entry)
    if "useraccountcontrol" in attributes:  # it was asked for: without it there is none
        attributes.setdefault("msds-supportedencryptiontypes", [b"0"])
    for fact in ldap_entry.facts(entry.object_name, attributes, place):
        if isinstance(fact, str):
            yield Skipped(place.source, place.position, fact, 1)
        else:
            yield fact


def attributes_of(
    connection: Connection, entry: sansldap.SearchResultEntry
) -> dict[str, list[bytes]]:
    """The attributes of an entry, names in lower case; values that the server hands out in pieces
    are asked for to the last ([MS-ADTS] 3.1.1.3.1.3.3).
    """
    found: dict[str, list[bytes]] = {}
    for one in entry.attributes:
        values = [bytes(value) for value in one.values]
        piece = _RANGE.match(one.name)
        name = one.name if piece is None else piece[1]
        if piece is not None:
            values += _rest(connection, entry.object_name, piece)
        if values or name.casefold() not in found:  # a long list comes beside an empty one
            found[name.casefold()] = values
    return found


def _rest(connection: Connection, dn: str, piece: re.Match[str]) -> Iterator[bytes]:
    for _ in range(MAX_RANGES):
        if piece[2] == "*":
            return
        wanted = (f"{piece[1]};range={int(piece[2]) + 1}-*",)
        following = None
        for entry in connection.search(dn, ANY, wanted, below=False):
            for one in getattr(entry, "attributes", ()):
                following = _RANGE.match(one.name) or following
                yield from map(bytes, one.values)
        if following is None:
            return
        piece = following
