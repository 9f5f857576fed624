"""Network addresses as logs write them."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

_WITH_PORT = re.compile(
    r"(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}|\[([0-9A-Fa-f:.]+)(?:%[^\]]*)?\](?::\d{1,5})?"
)
_MAX_LENGTH = 80

_INTERNAL = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
"""RFC 1918, RFC 6598 and RFC 4193."""


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """Read an address, with or without port, zone or IPv4-in-IPv6 form; None if it is none."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    match = _WITH_PORT.fullmatch(text)
    bare = (match[1] or match[2]) if match else text.partition("%")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def is_anywhere(address: Address) -> bool:
    """Whether every host has this address, so that it names none: loopback, link-local, `::`."""
    return address.is_loopback or address.is_link_local or address.is_unspecified


def is_internal(address: Address) -> bool:
    """Whether the address means another host in each organisation (and often a load balancer)."""
    return any(address.version == net.version and address in net for net in _INTERNAL)
