"""The cipher that was agreed on."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.outside.seen import Seen

ID = "outside-cipher"
TITLE = "The agreed cipher is strong, with keys that are thrown away"
SEVERITY = Severity.MEDIUM
WHY = (
    "What was recorded today is read by whoever gets the server's key tomorrow, unless each "
    "connection has a key of its own; broken ciphers need no key at all."
)
FIX = Fix(
    change="Put ECDHE suites with AES-GCM first: Enable-TlsCipherSuite NAME -Position 0",
    preview="Get-TlsCipherSuite | Format-Table Name",
    undo="Disable-TlsCipherSuite NAME",
    breaks="If a proxy ends TLS, change it there instead.",
)
SOURCES = (
    "https://www.rfc-editor.org/rfc/rfc9325",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-tls-configuration",
)
_BROKEN = re.compile(r"RC4|DES|NULL|EXP|MD5|ANON|ADH", re.IGNORECASE)
_OWN_KEYS = re.compile(r"TLS_AES|TLS_CHACHA|ECDHE|DHE")


def judge(seen: Seen) -> Answer:
    """Judge by the name of the suite, as OpenSSL writes it."""
    cipher = "" if seen.tls is None else seen.tls.cipher
    if not cipher:
        return unknown("Which cipher was agreed on is not known.")
    if _BROKEN.search(cipher):
        return failed(f"{cipher} is broken.")
    if not _OWN_KEYS.match(cipher):
        return failed(f"{cipher} uses the server's key for all connections.", Severity.LOW)
    return passed(f"{cipher} was agreed on.")
