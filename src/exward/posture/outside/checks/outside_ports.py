"""From the internet an Exchange server needs two ports at most, better none."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import ports_from_outside
from exward.posture.checks.interface import Answer, unknown
from exward.posture.outside.seen import Seen

ID = "outside-ports"
TITLE = ports_from_outside.TITLE
SEVERITY = Severity.HIGH
WHY = ports_from_outside.WHY
FIX = ports_from_outside.FIX
SOURCES = ports_from_outside.SOURCES


def judge(seen: Seen) -> Answer:
    """Judge the ports that were tried; without that nothing is known."""
    if not seen.ports:
        return unknown("No ports were tried: that is done with --ports only.")
    return ports_from_outside.judged([*seen.ports.items()])
