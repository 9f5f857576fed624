"""The certificates that Exchange uses, from Get-ExchangeCertificate and Windows' own store.

Each is one object with the members of both; those of Get-ExchangeCertificate win. Without that
cmdlet, all of `LocalMachine\\My` that have a private key count as used.
"""

from __future__ import annotations

from exward.posture.inventory import Inventory
from exward.posture.known import named, objects
from exward.posture.row import Row

EXCHANGE, STORE = "Get-ExchangeCertificate", "certificates"
READS = (EXCHANGE, STORE)
_MINE = r"localmachine\my"


def present(inventory: Inventory) -> tuple[Row, ...] | None:
    """Every certificate of the server; None if neither source was collected."""
    return inventory.once(_present)


def _present(inventory: Inventory) -> tuple[Row, ...] | None:
    told = objects(inventory, EXCHANGE)
    stored = objects(inventory, STORE)
    if told is None and stored is None:
        return None
    mine = {thumbprint(row): row for row in stored or () if _is_mine(row)}
    if told is None:
        return tuple(row for row in mine.values() if row.truth("HasPrivateKey") is not False)
    return tuple(_joined(mine.get(thumbprint(row)), row) for row in told)


def used(inventory: Inventory) -> tuple[Row, ...] | None:
    """Those that serve something, or may; the Auth certificate has a check of its own."""
    return inventory.once(_used)


def _used(inventory: Inventory) -> tuple[Row, ...] | None:
    found = present(inventory)
    if found is None:
        return None
    auth = auth_thumbprint(inventory)
    return tuple(row for row in found if services(row) != () and thumbprint(row) != auth)


def auth_thumbprint(inventory: Inventory) -> str | None:
    """The certificate that signs tokens between servers."""
    configuration = inventory.row("Get-AuthConfig")
    said = None if configuration is None else configuration.text("CurrentCertificateThumbprint")
    return said.upper() if said else None


def services(row: Row) -> tuple[str, ...] | None:
    """Names in lower case (`iis`, `smtp`); None if they are not told by name."""
    listed = row.texts("Services")
    if listed is None:
        return None
    names = [name.strip().lower() for one in listed for name in one.split(",")]
    if any(not name.isalpha() for name in names):
        return None
    return tuple(name for name in names if name != "none")


def thumbprint(row: Row) -> str:
    """In capitals; empty if it is not told."""
    return (row.text("Thumbprint") or "").upper()


def called(row: Row) -> str:
    """Subject and the beginning of the thumbprint."""
    return f"{named(row, 'Subject', 'Name')} [{thumbprint(row)[:8]}]"


def is_self_signed(row: Row) -> bool | None:
    """By what either source says."""
    said = row.truth("IsSelfSigned")
    return row.truth("SelfSigned") if said is None else said


def _is_mine(row: Row) -> bool:
    return (row.text("Store") or _MINE).lower() == _MINE


def _joined(stored: Row | None, told: Row) -> Row:
    base = {} if stored is None else {name: stored.raw(name) for name in stored}
    return Row(base | {name: told.raw(name) for name in told if told.raw(name) is not None})
