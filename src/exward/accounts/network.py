"""Networks that addresses lie in: where addresses change every week, the network still tells."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

ROAMING = 4
"""An account that came from so many networks comes from anywhere."""


def network_of(address: str) -> str:
    """The first 24 bits of an IPv4 address, the first 64 of an IPv6 one, as text; "" for a name."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    bits = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, bits), strict=False))


def networks_left(address: str, others: Iterable[str]) -> int:
    """In how many networks the others lie; 0 if the address lies in one of them, or these are very
    many.
    """
    networks = {network_of(other) for other in others}
    is_usual = network_of(address) in networks or len(networks) >= ROAMING
    return 0 if is_usual else len(networks)
