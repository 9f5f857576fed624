"""`directory-access`: access lists of the domain, of AdminSDHolder and of Exchange's groups."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access import rights
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Entry, Fact, Kind, Party, Reach, Right
from exward.access.ldap_entry import domain_of

AREAS = ("directory-access",)
_NO_TYPE = "00000000-0000-0000-0000-000000000000"
_DOMAIN, _OWNER = "domain", "owner"


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the object and the entry, unless it is only there to be inherited."""
    target, trustee = properties.text("Dn"), properties.text("Sid", "Trustee")
    if not target or not trustee:
        yield "an entry of an access list has no object or no trustee"
        return
    if properties.text("Object").casefold() == _DOMAIN:
        yield Party(place=context.place, dn=target, domain=domain_of(target), kind=Kind.DOMAIN)
    else:
        yield Party(place=context.place, dn=target, domain=domain_of(target))
    name = properties.text("Trustee")
    if name and name != trustee:
        yield Party(place=context.place, sid=trustee, name=name.rpartition("\\")[2])
    if properties.text("Rights").casefold() == _OWNER:
        yield Right(target, trustee, rights.OWNS, False, context.place)
        return
    mask = rights.mask_of(properties.text("Rights"))
    kind = properties.text("ObjectType").casefold().replace(_NO_TYPE, "")
    if properties.truth("InheritOnly") is not True and rights.matters(mask, kind):
        yield Entry(
            target=target,
            trustee=trustee,
            mask=mask,
            object_type=kind,
            allow=properties.text("Type").casefold() != "deny",
            inherited=properties.truth("Inherited") is True,
            place=context.place,
            reach=Reach(
                properties.text("InheritanceType"),
                properties.text("InheritedObjectType").casefold().replace(_NO_TYPE, ""),
            ),
        )
