"""What one entry of Active Directory says, from LDAP or LDIF: attributes → facts.

Attributes: Microsoft, Active Directory schema.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access import ldap_exchange, rights, security_descriptor
from exward.access.account_control import control_of
from exward.access.facts import Entry, Fact, Kind, Membership, Party, Place, Right, reference_of
from exward.access.ldap_values import (
    Attributes,
    domain_parts,
    filetime,
    general_time,
    number,
    sids,
    text,
    texts,
)

ATTRIBUTES = (
    "objectClass", "objectSid", "sAMAccountName", "cn", "userAccountControl", "lastLogonTimestamp",
    "lastLogon", "pwdLastSet", "whenCreated", "adminCount", "servicePrincipalName", "description",
    "primaryGroupID", "member", "msExchMailboxGuid", "nTSecurityDescriptor", "sIDHistory",
    "msDS-SupportedEncryptionTypes", "msDS-AllowedToDelegateTo",
    "msDS-AllowedToActOnBehalfOfOtherIdentity", "msDS-GroupMSAMembership",
)  # fmt: skip
"""What is asked of a server. `memberOf` is not: the groups' own lists are complete."""

_TRUSTEES = {
    # Security descriptors whose allowing entries name accounts ([MS-ADA2]).
    "msds-allowedtoactonbehalfofotheridentity": rights.ACT_FOR,
    "msds-groupmsamembership": rights.READ_PASSWORD,
}
_NAMES = ("samaccountname", "cn", "ou")
_KINDS = (
    ("msds-groupmanagedserviceaccount", Kind.SERVICE),
    ("msds-managedserviceaccount", Kind.SERVICE),
    ("computer", Kind.COMPUTER),
    ("group", Kind.GROUP),
    ("foreignsecurityprincipal", Kind.FOREIGN),
    ("domaindns", Kind.DOMAIN),
    ("user", Kind.USER),
)
"""The first that an entry has says what it is: computers are users, too."""


def facts(dn: str, attributes: Attributes, place: Place) -> Iterator[Fact | str]:
    """Yield what the entry says; a text is a reason why some of it cannot be told."""
    sid = next(sids(attributes, "objectsid"), "")
    classes = {one.casefold() for one in texts(attributes, "objectclass")}
    if ldap_exchange.ASSIGNMENT_CLASS in classes:
        yield from ldap_exchange.role(dn, attributes, place)
        return
    kind = next((kind for name, kind in _KINDS if name in classes), Kind.OTHER)
    itself = reference_of(sid, dn)
    yield _party(dn, attributes, (sid, kind), place)
    for member in attributes.get("member", ()):
        yield Membership(itself, member.decode("utf-8", "replace"), place)
    for group in attributes.get("memberof", ()):
        yield Membership(group.decode("utf-8", "replace"), itself, place)
    primary = number(attributes, "primarygroupid")
    if primary is not None and sid.startswith("S-1-5-21-"):
        yield Membership(f"{sid.rpartition('-')[0]}-{primary}", itself, place, primary=True)
    yield from _descriptors(itself, attributes, place)
    if ldap_exchange.is_store(classes, attributes):
        yield from ldap_exchange.mail_rights(dn, attributes, place)


def _descriptors(itself: str, attributes: Attributes, place: Place) -> Iterator[Fact | str]:
    for data in attributes.get("ntsecuritydescriptor", ())[:1]:
        try:
            yield from _access(itself, data, place)
        except ValueError as error:
            yield f"a security descriptor cannot be read: {error}"
    for name, right in _TRUSTEES.items():
        for data in attributes.get(name, ())[:1]:
            try:
                for trustee in security_descriptor.allowed(data):
                    yield Right(itself, trustee, right, False, place)
            except ValueError as error:
                yield f"{name} cannot be read: {error}"


def _access(itself: str, data: bytes, place: Place) -> Iterator[Fact]:
    owner = security_descriptor.owner(data)
    if owner:
        yield Right(itself, owner, rights.OWNS, False, place)
    for one in security_descriptor.aces(data):
        if rights.matters(one.mask, one.object_type):
            yield Entry(
                target=itself,
                trustee=one.trustee,
                mask=one.mask,
                object_type=one.object_type,
                allow=one.allow,
                inherited=one.inherited,
                place=place,
                reach=one.reach,
            )


def _party(dn: str, attributes: Attributes, known: tuple[str, Kind], place: Place) -> Party:
    sid, kind = known
    flags = number(attributes, "useraccountcontrol")
    control = control_of(flags)
    logons = [
        time
        for name in ("lastlogontimestamp", "lastlogon")
        if (time := filetime(attributes, name)) is not None
    ]
    never_logged = 0 if flags is not None else None
    return Party(
        place=place,
        sid=sid,
        dn=dn,
        name=next(filter(None, (text(attributes, one) for one in _NAMES)), ""),
        domain=domain_of(dn),
        kind=kind,
        last_logon=max(logons, default=never_logged),
        password_set=filetime(attributes, "pwdlastset"),
        created=general_time(attributes, "whencreated"),
        **control._asdict(),
        admin_count=number(attributes, "admincount") == 1,
        mailbox=True if "msexchmailboxguid" in attributes else None,
        encryption=number(attributes, "msds-supportedencryptiontypes"),
        delegates_to=texts(attributes, "msds-allowedtodelegateto"),
        sid_history=tuple(sids(attributes, "sidhistory")),
        spns=texts(attributes, "serviceprincipalname"),
        description=text(attributes, "description"),
    )


def dn_of(domain: str) -> str:
    """The distinguished name of a domain with this DNS name; the one tells the other."""
    return ",".join(f"DC={label}" for label in domain.split(".") if label)


def domain_of(dn: str) -> str:
    """The DNS name of the domain that a distinguished name lies in; "" if it names none."""
    return ".".join(part[3:] for part in domain_parts(dn))
