"""Connectors and mail domains: whom a server listens to, and what is outside.

Members and their values: https://learn.microsoft.com/powershell/module/exchange/get-receiveconnector
and the pages of the other cmdlets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import objects, texts
from exward.posture.row import Row

RECEIVE = "Get-ReceiveConnector"
ANONYMOUS = "anonymoususers"
# A handful of printers and programs; a whole office is more.
_FEW = 256
_EVERYBODY = 2**31
_MAX_RANGE = 100
_ADDRESS = re.compile(r"[^\s@<>\[\]:\";,]{1,64}@([^\s@<>\[\]:\";,]{1,255})")


def receive_connectors(inventory: Inventory) -> tuple[Row, ...] | None:
    """This server's own receive connectors that are enabled; None if they were not collected."""
    found = objects(inventory, RECEIVE)
    if not found:
        return None
    short = inventory.server.partition(".")[0].lower()
    own = [row for row in found if _server(row) in {short, ""}]
    return tuple(row for row in own if row.truth("Enabled") is not False)


def words(row: Row, name: str) -> frozenset[str] | None:
    """The words of an enumeration of flags (`Tls, BasicAuth`), in lower case.

    None: not known. An enumeration that is empty says `None`.
    """
    found = texts(row, name)
    if not found:
        return None
    return frozenset(word.strip().lower() for said in found for word in said.split(","))


def reach(row: Row) -> int | None:
    """How many IPv4 addresses the connector listens to (of IPv6 as many if more than a few).

    None if a range cannot be read.
    """
    ranges = texts(row, "RemoteIPRanges")
    if not ranges:
        return None
    sizes = [_size(one) for one in ranges]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def is_few(count: int) -> bool:
    """Whether so many addresses may be single machines that somebody chose."""
    return count <= _FEW


def is_everybody(count: int) -> bool:
    """Whether it is about all there are."""
    return count >= _EVERYBODY


def own_domains(inventory: Inventory) -> frozenset[str] | None:
    """Domains that the organisation accepts mail for, `*.` left off; None: not collected."""
    found = inventory.data("Get-AcceptedDomain")
    return None if found is None else found.once(_own_domains)


def _own_domains(accepted: Data) -> frozenset[str] | None:
    names = [row.text("DomainName") for row in accepted.objects or ()]
    if not names or None in names:
        return None
    return frozenset(name.lower().removeprefix("*.") for name in names if name)


def outside(addresses: Iterable[str], own: frozenset[str]) -> tuple[str, ...]:
    """The mail addresses in these texts whose domain is not the organisation's."""
    found = [match for said in addresses for match in _ADDRESS.finditer(said[:4_000])]
    return tuple(match[0] for match in found if not _is_own(match[1].lower(), own))


def _is_own(domain: str, own: frozenset[str]) -> bool:
    while domain and domain not in own:
        domain = domain.partition(".")[2]
    return bool(domain)


def _server(row: Row) -> str:
    """The first label of the server's name, from the member or from `EX01\\Default EX01`."""
    said = row.text("Server") or (row.text("Identity") or "").partition("\\")[0]
    return said.rpartition("/")[2].partition(".")[0].lower()


@lru_cache(maxsize=4_096)  # two checks ask for the same ranges, and other servers have them, too
def _size(said: str) -> int | None:
    if len(said) > _MAX_RANGE:
        return None
    try:
        first, dash, last = said.partition("-")
        if not dash:
            network = ip_network(said.strip(), strict=False)
            return min(network.num_addresses, 2**32)
        return min(_between(ip_address(first.strip()), ip_address(last.strip())), 2**32)
    except ValueError:
        return None


def _between(first: IPv4Address | IPv6Address, last: IPv4Address | IPv6Address) -> int:
    return max(int(last) - int(first) + 1, 1)
