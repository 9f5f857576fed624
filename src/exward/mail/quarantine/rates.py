"""How often somebody may ask: so many at once, and so many a minute in the long run."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict

MAX_CLIENTS = 10_000
"""Clients that are remembered; the one not seen for longest is forgotten first."""


class Rates:
    """Counts requests by client; a network of IPv6 (/64) is one client."""

    def __init__(self, burst: int, per_minute: float) -> None:
        """`burst` at once, refilled at `per_minute`."""
        self._burst, self._per_s = float(burst), per_minute / 60.0
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, client: str, now_s: float) -> bool:
        """Whether one more is allowed at a time that only grows; it is counted then."""
        key = _network(client)
        left, last = self._left.pop(key, (self._burst, now_s))
        left = min(self._burst, left + (now_s - last) * self._per_s)
        is_allowed = left >= 1.0
        self._left[key] = (left - 1.0 if is_allowed else left, now_s)
        while len(self._left) > MAX_CLIENTS:
            self._left.popitem(last=False)
        return is_allowed


def _network(client: str) -> str:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False))
