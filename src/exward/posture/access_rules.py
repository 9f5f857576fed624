"""Access rules of the directory: who may do what with an object.

Names of the rights: https://learn.microsoft.com/dotnet/api/system.directoryservices.activedirectoryrights;
numbers of the extended rights: [MS-ADTS] 5.1.3.2.1.
"""

from __future__ import annotations

from collections import defaultdict

from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.row import Row

AREA = "directory-access"
DOMAIN = "domain"
CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
_EVERYTHING = "00000000-0000-0000-0000-000000000000"


def rules(inventory: Inventory, which: str) -> tuple[Row, ...] | None:
    """Rules that allow something on an object itself; None if none of the object were collected."""
    data = inventory.data(AREA)
    return None if data is None else data.once(_by_object).get(which.lower())


def _by_object(data: Data) -> dict[str, tuple[Row, ...] | None]:
    """As `rules`, for every object."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in data.objects or ():
        found[(row.text("Object") or "").lower()].append(row)
    return {name: _effective(own) for name, own in found.items()}


def _effective(own: list[Row]) -> tuple[Row, ...] | None:
    if any(row.text("Rights") is None for row in own):
        return None
    return tuple(row for row in own if _allows(row) and row.truth("InheritOnly") is not True)


def rights(rule: Row) -> frozenset[str]:
    """The names of the rights, in lower case."""
    return frozenset(part.strip().lower() for part in (rule.text("Rights") or "").split(","))


def gives_extended(rule: Row, right: str) -> bool:
    """Whether a rule gives an extended right, by its own number or with all others."""
    held = rights(rule)
    if "genericall" in held:
        return True
    kind = (rule.text("ObjectType") or _EVERYTHING).lower().strip("{}")
    return "extendedright" in held and kind in {right, _EVERYTHING}


def trustee(rule: Row) -> str:
    """The name of whom the rule is for, without its domain."""
    said = rule.text("Trustee") or rule.text("Sid") or "(nobody)"
    return said.rpartition("\\")[2]


def _allows(row: Row) -> bool:
    return (row.text("Type") or "Allow").lower() == "allow"
