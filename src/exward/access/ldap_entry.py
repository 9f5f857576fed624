"""What one entry of Active Directory says, from LDAP or LDIF: attributes → facts.

Attributes: Microsoft, Active Directory schema. Times are
FILETIME (100 ns since 1601, 0 for never) or generalised time, both UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from exward.access import rights, security_descriptor
from exward.access.account_control import control_of
from exward.access.facts import Entry, Fact, Kind, Membership, Party, Place, Right, reference_of

ATTRIBUTES = (
    "objectClass", "objectSid", "sAMAccountName", "cn", "userAccountControl", "lastLogonTimestamp",
    "lastLogon", "pwdLastSet", "whenCreated", "adminCount", "servicePrincipalName", "description",
    "primaryGroupID", "member", "msExchMailboxGuid", "nTSecurityDescriptor", "sIDHistory",
    "msDS-SupportedEncryptionTypes", "msDS-AllowedToDelegateTo",
    "msDS-AllowedToActOnBehalfOfOtherIdentity", "msDS-GroupMSAMembership",
)  # fmt: skip
"""What is asked of a server. `memberOf` is not: the groups' own lists are complete."""

Attributes = Mapping[str, Sequence[bytes]]
"""Names in lower case → values as stored."""

_TRUSTEES = {
    # Security descriptors whose allowing entries name accounts ([MS-ADA2]).
    "msds-allowedtoactonbehalfofotheridentity": rights.ACT_FOR,
    "msds-groupmsamembership": rights.READ_PASSWORD,
}
_EPOCH_1601_S = 11_644_473_600
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
    sid = _sid(attributes)
    classes = {
        one.decode("utf-8", "replace").casefold() for one in attributes.get("objectclass", ())
    }
    kind = next((kind for name, kind in _KINDS if name in classes), Kind.OTHER)
    itself = reference_of(sid, dn)
    yield _party(dn, attributes, (sid, kind), place)
    for member in attributes.get("member", ()):
        yield Membership(itself, member.decode("utf-8", "replace"), place)
    for group in attributes.get("memberof", ()):
        yield Membership(group.decode("utf-8", "replace"), itself, place)
    primary = _number(attributes, "primarygroupid")
    if primary is not None and sid.startswith("S-1-5-21-"):
        yield Membership(f"{sid.rpartition('-')[0]}-{primary}", itself, place)
    yield from _descriptors(itself, attributes, place)


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
            )


def _party(dn: str, attributes: Attributes, known: tuple[str, Kind], place: Place) -> Party:
    sid, kind = known
    number = _number(attributes, "useraccountcontrol")
    control = control_of(number)
    logons = [
        time
        for name in ("lastlogontimestamp", "lastlogon")
        if (time := _filetime(attributes, name)) is not None
    ]
    never_logged = 0 if number is not None else None
    return Party(
        place=place,
        sid=sid,
        dn=dn,
        name=_text(attributes, "samaccountname") or _text(attributes, "cn"),
        domain=domain_of(dn),
        kind=kind,
        last_logon=max(logons, default=never_logged),
        password_set=_filetime(attributes, "pwdlastset"),
        created=_general_time(_text(attributes, "whencreated")),
        **control._asdict(),
        admin_count=_number(attributes, "admincount") == 1,
        mailbox=True if "msexchmailboxguid" in attributes else None,
        encryption=_number(attributes, "msds-supportedencryptiontypes"),
        delegates_to=_texts(attributes, "msds-allowedtodelegateto"),
        sid_history=tuple(_sids(attributes, "sidhistory")),
        spns=_texts(attributes, "serviceprincipalname"),
        description=_text(attributes, "description"),
    )


def domain_of(dn: str) -> str:
    """The DNS name of the domain that a distinguished name lies in; "" if it names none."""
    parts = (part.strip() for part in dn.split(","))
    return ".".join(part[3:] for part in parts if part[:3].casefold() == "dc=")


def _sid(attributes: Attributes) -> str:
    return next(_sids(attributes, "objectsid"), "")


def _sids(attributes: Attributes, name: str) -> Iterator[str]:
    for data in attributes.get(name, ()):
        try:
            yield security_descriptor.sid_text(data)
        except ValueError:
            text = data.decode("utf-8", "replace")
            if text.upper().startswith("S-1-"):
                yield text


def _texts(attributes: Attributes, name: str) -> tuple[str, ...]:
    return tuple(one.decode("utf-8", "replace") for one in attributes.get(name, ()))


def _text(attributes: Attributes, name: str) -> str:
    values = attributes.get(name, ())
    return values[0].decode("utf-8", "replace") if values else ""


def _number(attributes: Attributes, name: str) -> int | None:
    try:
        return int(_text(attributes, name)[:24])
    except ValueError:
        return None


def _filetime(attributes: Attributes, name: str) -> int | None:
    value = _number(attributes, name)
    if value is None or value >= 1 << 62:
        return None
    return 0 if value <= 0 else value // 10 - _EPOCH_1601_S * 1_000_000


def _general_time(text: str) -> int | None:
    try:
        moment = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1_000_000
