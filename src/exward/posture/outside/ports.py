"""Which ports accept a connection from here; each is closed again at once, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exward.posture.outside.visit import Visit

PORTS = (
    25, 80, 81, 110, 135, 139, 143, 389, 443, 444, 445, 587, 993, 995, 2525, 3389, 5985, 5986,
)  # fmt: skip
"""Of Exchange (learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/network-ports), and of
Windows' administration (learn.microsoft.com/troubleshoot/windows-server/networking/
service-overview-and-network-port-requirements)."""


def tried(
    visit: Visit, ports: Sequence[int], goes_on: Callable[[], bool]
) -> Iterator[tuple[int, bool | None]]:
    """Yield each port and whether it accepts a connection; None: that could not be tried."""
    for port in ports:
        yield port, visit.accepts(port) if goes_on() else None
