"""Cipher suites that Microsoft does not keep in its list for Exchange."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory

ID = "weak-cipher-suites"
TITLE = "No weak cipher suites are on"
SEVERITY = Severity.LOW
READS = ("cipher-suites", "registry")
GOOD = "only suites with AES and a key exchange that is made anew each time (ECDHE, DHE)"
WHY = (
    "Recorded traffic can be read later if the server's key is stolen (RSA key exchange), or at "
    "once if the cipher is broken (RC4, 3DES, NULL)."
)
FIX = Fix(
    change="Disable-TlsCipherSuite -Name NAME # each one named; then Restart-Computer -Confirm",
    preview="Get-TlsCipherSuite | ft Name",
    undo="Enable-TlsCipherSuite -Name NAME",
    breaks="Clients that know nothing better. A group policy for suites wins over this.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-tls-configuration",
    "https://learn.microsoft.com/powershell/module/tls/disable-tlsciphersuite",
)
_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002"
_BROKEN = re.compile(r"RC4|3DES|_DES_|DES40|NULL|MD5|EXPORT|ANON", re.IGNORECASE)
_SUITE = re.compile(r"(?:TLS|SSL)_[A-Z0-9_]{3,100}", re.IGNORECASE)
# Suites of TLS 1.3 name no key exchange: theirs is always made anew.
_FRESH = re.compile(r"TLS_(?:ECDHE|DHE|AES|CHACHA20)_", re.IGNORECASE)
_MAX_TOLD = 5


def judge(inventory: Inventory) -> Answer:
    """Judge the suites that are on; where they were not collected, those of the policy."""
    suites = _suites(inventory)
    if suites is None:
        return not_collected(READS[:1])
    if not suites or not all(map(_SUITE.fullmatch, suites)):
        return unknown("The list of cipher suites is empty, or holds what is none.")
    weak = [name for name in suites if _BROKEN.search(name) or not _FRESH.match(name)]
    if not weak:
        return passed(f"All {len(suites)} suites are strong.")
    broken = any(map(_BROKEN.search, weak))
    more = f" and {len(weak) - _MAX_TOLD} more" if len(weak) > _MAX_TOLD else ""
    said = f"{len(weak)} of {len(suites)} suites are weak: {', '.join(weak[:_MAX_TOLD])}{more}."
    return failed(said, Severity.MEDIUM if broken else None)


def _suites(inventory: Inventory) -> list[str] | None:
    rows = inventory.rows("cipher-suites")
    if rows is not None:
        return [row.text("Name") or "" for row in rows]
    policy = inventory.key(_POLICY)
    listed = None if policy is None else policy.values.texts("Functions")
    if not listed:
        return None
    return [name.strip() for one in listed for name in one.split(",") if name.strip()]
