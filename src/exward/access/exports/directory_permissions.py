"""Rights on objects of the directory: Get-ADPermission (Microsoft Learn).

Rights on mailboxes and databases among them, such as Send-As, are rights on mail as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.access import rights
from exward.access.exports import mailbox_permissions
from exward.access.exports.interface import Context
from exward.access.exports.properties import CUT, Properties
from exward.access.facts import Entry, Fact, Kind, Party, Reach
from exward.access.ldap_entry import dn_of, domain_of

CMDLETS = ("Get-ADPermission",)

_OWN = ("ExtendedRights", "ChildObjectTypes", "InheritedObjectType", "InheritanceType")
_BELOW_ONLY = frozenset({"descendents", "children"})
"""Kinds of inheritance that leave the object itself out (ActiveDirectorySecurityInheritance)."""
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})+/?")
_HOLDER = re.compile(r"([\w.-]{1,253})/System/AdminSDHolder", re.IGNORECASE)
_OF_DOMAINS = "ds-replication-"
"""Extended rights of this name stand on domains only ([MS-ADTS] 5.1.3.2.1)."""


def is_one(properties: Properties) -> bool:
    """Say whether an object has what only this cmdlet gives."""
    return properties.has("Identity", "User", "AccessRights") and any(
        one in properties for one in _OWN
    )


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the entries, what is known of the object, and rights on mail."""
    yield from mailbox_permissions.facts(properties, context)
    target, trustee = properties.text("Identity"), properties.text("User")
    if not target or not trustee:
        return
    extended = properties.texts("ExtendedRights")
    yield from _object(target, extended, context)
    if properties.text("InheritanceType").casefold() in _BELOW_ONLY:
        return
    for name in ("Properties", "InheritedObjectType"):
        if properties.is_cut(name):
            yield f"{name} {CUT}"
    mask = rights.mask_of(", ".join(properties.texts("AccessRights")))
    if extended:
        mask |= rights.CONTROL_ACCESS
    for part, kind in _parts(mask, extended, properties.texts("Properties")):
        if rights.matters(part, kind):
            yield Entry(
                target=target,
                trustee=trustee,
                mask=part,
                object_type=kind,
                allow=properties.truth("Deny") is not True,
                inherited=properties.truth("IsInherited") is True,
                place=context.place,
                reach=Reach(
                    properties.text("InheritanceType"), properties.text("InheritedObjectType")
                ),
            )


def _parts(mask: int, extended: list[str], named: list[str]) -> Iterator[tuple[int, str]]:
    """Mask and GUID of each entry: names narrow the bits that they are of."""
    narrowed = rights.CONTROL_ACCESS if extended else 0
    narrowed |= rights.WRITE_PROPERTY | rights.SELF if named else 0
    if mask & rights.FULL_CONTROL == rights.FULL_CONTROL:
        narrowed = 0
    yield mask & ~narrowed, ""
    for bits, names in (
        (rights.CONTROL_ACCESS, extended),
        (rights.WRITE_PROPERTY | rights.SELF, named),
    ):
        for name in names if mask & narrowed & bits else ():
            guid = rights.guid_of(name)
            if guid:
                yield mask & bits, guid


def _object(target: str, extended: list[str], context: Context) -> Iterator[Party]:
    """What the name of the object says of it: a domain, or AdminSDHolder."""
    holder = _HOLDER.fullmatch(target)
    of_domain = any(one.casefold().startswith(_OF_DOMAINS) for one in extended)
    if holder is not None:
        dn = f"CN=AdminSDHolder,CN=System,{dn_of(holder[1])}"
        yield Party(place=context.place, dn=dn, domain=holder[1])
    elif of_domain and _DOMAIN.fullmatch(target):
        name = target.rstrip("/")
        yield Party(place=context.place, dn=dn_of(name), domain=name, kind=Kind.DOMAIN)
    elif target[:3].casefold() == "dc=":
        yield Party(place=context.place, dn=target, domain=domain_of(target), kind=Kind.DOMAIN)
    elif target[:3].casefold() in {"cn=", "ou="}:
        yield Party(place=context.place, dn=target, domain=domain_of(target))
