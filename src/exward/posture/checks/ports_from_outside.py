"""From the internet an Exchange server needs two ports at most, better none."""

from __future__ import annotations

from collections.abc import Sequence

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "ports-from-outside"
TITLE = "Only mail and HTTPS can be reached from outside"
SEVERITY = Severity.HIGH
READS = ("outside",)
GOOD = "No port but 25, 80 and 443 answers from outside; not 444 and 81 of the back end"
WHY = (
    "The back end believes what the front end tells it: who reaches port 444 needs no password. "
    "3389, 445, 5985 and the like are for guessing and worms."
)
FIX = Fix(
    change=(
        "Close every port but 25 and 443 in the firewall in front, and put a proxy that asks for "
        "the logon, or a VPN, before 443"
    ),
    preview="exward probe https://mail.contoso.example --ports, from outside",
    undo="Open the ports again in the firewall in front.",
    breaks="POP, IMAP and SMTP submission from outside, if they are used.",
)
SOURCES = ("https://learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/network-ports",)
_EXPECTED = frozenset({25, 80, 443})


def judge(inventory: Inventory) -> Answer:
    """Judge what was tried from outside: only ports that were asked are known."""
    found = objects(inventory, "outside")
    if not found:
        return not_collected(READS)
    return judged([(row.number("Port"), row.truth("Open")) for row in found])


def judged(ports: Sequence[tuple[int | None, bool | None]]) -> Answer:
    """Judge ports by number, and whether they are open; None: not known."""
    weak = [f"port {port} is open" for port, on in ports if on and port not in _EXPECTED]
    closed = {port for port, on in ports if on is False}
    missing = [f"whether port {port} is open" for port in (444, 81) if port not in closed]
    missing += ["a port"] if any(port is None or on is None for port, on in ports) else []
    return concluded(weak, missing, f"None of {len(ports):,} ports that were tried is too much.")
