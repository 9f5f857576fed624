"""TLS 1.3 works with Exchange only on the newest versions of both Exchange and Windows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import windows
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from exward.posture.schannel import sides

ID = "tls-1-3"
TITLE = "TLS 1.3 is on only where Exchange supports it"
SEVERITY = Severity.MEDIUM
READS = ("registry", "host", "build")
GOOD = "off, except with Exchange 2019 CU15 or SE on Windows Server 2022 and newer"
WHY = "Where Exchange does not support it, connections between servers and to services break."
FIX = tls_protocol.fix("TLS 1.3", 0, "Clients that insist on 1.3.")
SOURCES = tls_protocol.SOURCES
# Exchange Server 2019 CU15 (page on TLS above).
_FIRST = ("15.2.1748.10",)
_PROTOCOL = "TLS 1.3"


def judge(inventory: Inventory) -> Answer:
    """Windows has it from Server 2022 on, on by default."""
    system = windows.build(inventory)
    if system is None:
        return unknown("Not collected: the build of Windows.")
    if system < windows.SERVER_2022:
        return not_applicable(f"Windows build {system} has no TLS 1.3.")
    supported = reaches(inventory, _FIRST)
    if supported is None:
        return unknown("Whether this build of Exchange supports TLS 1.3 is not known.")
    found = sides(inventory, _PROTOCOL)
    if found is None:
        return tls_protocol.not_read(_PROTOCOL)
    if supported:
        return passed("Exchange and Windows both support TLS 1.3.")
    if all(side.is_off for side in found):
        return passed("TLS 1.3 is off, which this version of Exchange does not support.")
    return failed("TLS 1.3 is not switched off, and this version of Exchange does not support it.")
