"""Whoever has a root in this store can be any web site for the server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import STORE, called, is_self_signed
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.data import Data
from exward.posture.inventory import Inventory

ID = "trusted-roots"
TITLE = "The store of trusted roots holds roots only"
SEVERITY = Severity.MEDIUM
READS = (STORE,)
GOOD = "every certificate in LocalMachine\\Root is self-signed, and you know it"
WHY = (
    "One that is not self-signed was put there by hand: it breaks logons with certificates, and "
    "may be an intruder's way to be trusted."
)
FIX = Fix(
    change="Get-Item Cert:\\LocalMachine\\Root\\THUMBPRINT | Move-Item -Destination "
    "Cert:\\LocalMachine\\CA # or Remove-Item, if nobody knows it",
    preview="Get-ChildItem Cert:\\LocalMachine\\Root | ? Subject -ne Issuer | fl Subject, Issuer",
    undo="Move-Item Cert:\\LocalMachine\\CA\\THUMBPRINT -Destination Cert:\\LocalMachine\\Root",
    breaks="What was signed by it, if it is one of yours.",
)
SOURCES = (
    "https://learn.microsoft.com/troubleshoot/windows-server/identity/valid-root-ca-certificates-untrusted",
    "https://attack.mitre.org/techniques/T1553/004/",
)


def judge(inventory: Inventory) -> Answer:
    """Which roots are strangers only the administrator knows: they are counted."""
    certificates = inventory.data(READS[0])
    return not_collected(READS) if certificates is None else certificates.once(_judged)


def _judged(certificates: Data) -> Answer:
    if certificates.objects is None:
        return not_collected(READS)
    roots = [
        row for row in certificates.objects if (row.text("Store") or "").lower().endswith(r"\root")
    ]
    if not roots:
        return unknown("No certificate of LocalMachine\\Root was collected.")
    strange = [called(row) for row in roots if is_self_signed(row) is False]
    if strange:
        return failed(f"{len(strange)} of {len(roots)} are not self-signed: {listing(strange)}.")
    if unread := [called(row) for row in roots if is_self_signed(row) is None]:
        return unknown(f"Whether these are self-signed is not known: {listing(unread)}.")
    return passed(f"All {len(roots)} are self-signed.")
