"""Replication hands out the password hashes of all accounts."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import access_rules
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.row import Row

ID = "replication-rights"
TITLE = "Only domain controllers may replicate secrets"
SEVERITY = Severity.CRITICAL
READS = ("directory-access",)
GOOD = (
    "DS-Replication-Get-Changes-All on the domain is held by domain controllers and built-in "
    "administrators only"
)
WHY = "Whoever has this right copies every password hash of the domain over the network (DCSync)."
FIX = Fix(
    change=(
        r'dsacls.exe (Get-ADDomain).DistinguishedName /R "CONTOSO\NAME" (takes all rights of the '
        "account on the domain), then reset krbtgt twice if it was not meant to be there"
    ),
    preview="dsacls.exe (Get-ADDomain).DistinguishedName | findstr /i Replicating",
    undo=(
        r'dsacls.exe (Get-ADDomain).DistinguishedName /G "CONTOSO\NAME:CA;Replicating Directory '
        'Changes All"'
    ),
    breaks="Password synchronisation, if the account is that of Entra Connect.",
)
SOURCES = (
    "https://attack.mitre.org/techniques/T1003/006/",
    "https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-accounts-permissions",
)
# SYSTEM, Enterprise Domain Controllers, Administrators; Domain Controllers, Domain and Enterprise
# Admins by the end of their SID.
_SIDS = frozenset({"S-1-5-18", "S-1-5-9", "S-1-5-32-544"})
_ENDS = ("-516", "-512", "-519", "-498")
# Accounts that Entra Connect makes for itself; anybody can choose such a name.
_SYNC = ("msol_", "aad_", "adsync")


def judge(inventory: Inventory) -> Answer:
    """Judge the holders of the right; one of Entra Connect is to be looked at."""
    found = access_rules.rules(inventory, access_rules.DOMAIN)
    if found is None:
        return not_collected(READS)
    holders = {
        access_rules.trustee(rule)
        for rule in found
        if access_rules.gives_extended(rule, access_rules.CHANGES_ALL) and not _is_expected(rule)
    }
    unnamed = any(rule.text("Sid") is None for rule in found)
    if not holders:
        return unknown("The rules have no SIDs.") if unnamed else passed("No others may do so.")
    said = f"May replicate secrets: {listing(holders)}."
    if all(name.lower().startswith(_SYNC) for name in holders):
        return failed(f"{said} That is right only if Entra Connect uses it.", Severity.MEDIUM)
    return failed(said)


def _is_expected(rule: Row) -> bool:
    sid = rule.text("Sid") or ""
    return sid in _SIDS or (sid.startswith("S-1-5-21-") and sid.endswith(_ENDS))
