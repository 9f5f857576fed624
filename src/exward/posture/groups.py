"""Groups whose members own Exchange, the server or the domain, and who is in them.

Which groups these are stands in `content/access/groups.yml`, with the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from exward.model import watchlist
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import members
from exward.posture.row import Row

AREA = "directory-groups"
TRUSTED_SUBSYSTEM = "exchange trusted subsystem"
SERVERS = "exchange servers"
_COMPUTERS = frozenset({"computer", "msds-groupmanagedserviceaccount"})
_MAX_GROUPS = 5_000


def machine_names() -> frozenset[str]:
    """Exchange's groups for servers, in lower case: computers and each other are in them."""
    return watchlist.machine_groups()


@cache
def _owner_names() -> frozenset[str]:
    told_by_name = (one for one in watchlist.owners() if not one.sid and one.rid is None)
    return frozenset(one.name.casefold() for one in told_by_name)


@cache
def _owner_rids() -> frozenset[str]:
    """Built-in groups are known by the last number of their SID, the same in every language."""
    numbers = {one.sid.rpartition("-")[2] for one in watchlist.owners() if one.sid}
    return frozenset(numbers | {str(one.rid) for one in watchlist.owners() if one.rid is not None})


def name_of(row: Row) -> str:
    """The group's or account's name in lower case."""
    return (row.text("Name") or "").lower()


def rid_of(row: Row) -> str:
    """The last number of the SID; "" if it has none."""
    sid = row.text("Sid") or ""
    return sid.rpartition("-")[2] if sid.startswith("S-1-5-") else ""


def owners(found: Iterable[Row]) -> Iterator[Row]:
    """Groups that are meant for people and own something."""
    for row in found:
        if name_of(row) in _owner_names() or rid_of(row) in _owner_rids():
            yield row


def machine_groups(found: Iterable[Row]) -> Iterator[Row]:
    """Groups that are meant for Exchange servers only."""
    return (row for row in found if name_of(row) in machine_names())


def is_group(row: Row) -> bool:
    """Whether a member is a group."""
    return (row.text("Class") or "").lower() == "group"


def is_computer(row: Row) -> bool:
    """Whether a member is a computer; without a class its account's name, `EX01$`, tells."""
    kind = (row.text("Class") or "").lower()
    return kind == "computer" if kind else (row.text("SamAccountName") or "").endswith("$")


def groups(inventory: Inventory) -> tuple[Row, ...] | None:
    """All groups that were collected; None if there are none or one cannot be read."""
    data = inventory.data(AREA)
    return None if data is None else data.once(_readable)


def _readable(data: Data) -> tuple[Row, ...] | None:
    found = data.objects
    if not found or any(members(row, "Members") is None for row in found):
        return None
    return found


def people(inventory: Inventory) -> dict[str, tuple[Row, set[str]]] | None:
    """By SID or name: accounts that are in a group of owners, also through others, and in which.

    None if groups were not collected. Exchange's machine groups are not followed.
    """
    found = groups(inventory)
    if found is None or not any(owners(found)):
        return None
    by_dn = {(row.text("Dn") or "").lower(): row for row in found[:_MAX_GROUPS]}
    accounts: dict[str, tuple[Row, set[str]]] = {}
    for group in owners(found):
        for member in _below(group, by_dn):
            key = member.text("Sid") or member.text("Dn") or name_of(member)
            accounts.setdefault(key, (member, set()))[1].add(group.text("Name") or "")
    return accounts


def _below(group: Row, by_dn: dict[str, Row]) -> Iterator[Row]:
    waiting, seen = [group], {id(group)}
    while waiting:
        for member in members(waiting.pop(), "Members") or ():
            if not is_group(member):
                yield member
                continue
            below = by_dn.get((member.text("Dn") or "").lower())
            if (
                below is not None
                and id(below) not in seen
                and name_of(below) not in machine_names()
            ):
                seen.add(id(below))
                waiting.append(below)
