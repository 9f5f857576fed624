"""A key that can be exported is a key that can be taken away."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import READS as READS
from exward.posture.certificates import called, is_self_signed, used
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.row import Row

ID = "private-keys"
TITLE = "Private keys of issued certificates cannot be exported"
SEVERITY = Severity.MEDIUM
GOOD = "PrivateKeyExportable is False; Exchange's own self-signed certificates may be exportable"
WHY = (
    "An intruder with rights on the server takes the key in one command, and can be your server or "
    "read recorded traffic long after he is gone."
)
FIX = Fix(
    change=(
        "Import-ExchangeCertificate -PrivateKeyExportable $false … # from the safely kept file; "
        "then Enable-ExchangeCertificate"
    ),
    preview="Get-ExchangeCertificate | ft Thumbprint, Services, PrivateKeyExportable",
    undo="Import-ExchangeCertificate -PrivateKeyExportable $true …",
    breaks="Other servers then need the file as well: the key cannot be copied from here.",
)
SOURCES = ("https://learn.microsoft.com/powershell/module/exchange/import-exchangecertificate",)


def judge(inventory: Inventory) -> Answer:
    """Judge those that an authority issued."""
    certificates = used(inventory)
    if certificates is None:
        return not_collected(READS)
    issued = [row for row in certificates if is_self_signed(row) is not True]
    if not issued:
        return not_applicable("No certificate in use was issued by an authority.")
    said = [(called(row), _is_exportable(row)) for row in issued]
    return concluded(
        [f"{name} is exportable" for name, exportable in said if exportable],
        [f"whether {name} is exportable" for name, exportable in said if exportable is None],
        f"None of {len(issued)} private keys can be exported.",
    )


def _is_exportable(row: Row) -> bool | None:
    said = row.truth("PrivateKeyExportable")
    return row.truth("Exportable") if said is None else said
