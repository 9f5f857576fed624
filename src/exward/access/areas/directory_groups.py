"""`directory-groups`: the groups that matter, each with its direct members."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from exward.access.areas.accounts import account, actors
from exward.access.exports import group_members
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Kind, Membership, reference_of

AREAS = ("directory-groups",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the group, its members and that they are in it."""
    group = replace(group_members.party(properties, context), kind=Kind.GROUP)
    itself = reference_of(group.sid, group.dn) or group.name
    if not itself:
        yield "a group has no name"
        return
    yield group
    for values in properties.objects("Members"):
        member = account(Properties(values), context)
        named = member.sid or member.dn or member.name
        if not named:
            yield "a member has no name"
            continue
        yield member
        yield from actors(Properties(values), context)
        yield Membership(itself, named, context.place)
