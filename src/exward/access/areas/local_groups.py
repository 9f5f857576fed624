"""`local-groups`: who is administrator of the server itself.

These groups have the SIDs of the domain's built-in ones; here the server's name stands before.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.exports import group_members
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Kind, Membership, Party

AREAS = ("local-groups",)


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the group, its members and that they are in it."""
    name, sid = properties.text("Name"), properties.text("Sid")
    if not name or not context.server:
        yield "a local group has no name or no server"
        return
    host = context.server.partition(".")[0].upper()
    itself = f"{host}\\{sid or name}"
    yield Party(
        place=context.place, sid=itself, name=f"{host}\\{name}", domain=context.server.casefold(),
        kind=Kind.GROUP,
    )  # fmt: skip
    for values in properties.objects("Members"):
        listed = Properties(values)
        member = listed.text("Sid", "Name")
        if not member:
            yield "a member has no name"
            continue
        yield _member(listed, context)
        yield Membership(itself, member, context.place)


def _member(listed: Properties, context: Context) -> Party:
    return Party(
        place=context.place,
        sid=listed.text("Sid"),
        name=listed.text("Name").rpartition("\\")[2],
        kind=group_members.kind_of(listed.text("Class")),
    )
