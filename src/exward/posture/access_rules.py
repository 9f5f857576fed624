"""Access rules of the directory: who may do what with an object.

Names of the rights: https://learn.microsoft.com/dotnet/api/system.directoryservices.activedirectoryrights;
numbers of the extended rights: [MS-ADTS] 5.1.3.2.1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from exward.model.everybody import is_all
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.row import Row

AREA = "directory-access"
DOMAIN = "domain"
CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
CHANGES_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
_FULL = "genericall"
_PARTS = frozenset({"writedacl", "writeowner", "extendedright", "writeproperty"})
"""What full control is made of, as far as it is asked for here."""
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
    here = [row for row in own if row.truth("InheritOnly") is not True]
    denials = [row for row in here if not _allows(row)]
    left = (_left(row, denials) for row in here if _allows(row))
    return tuple(row for row in left if rights(row))


def _left(rule: Row, denials: Iterable[Row]) -> Row:
    """The rule without what the denials before it take away."""
    taken = frozenset[str]().union(*(rights(one) for one in denials if _comes_before(one, rule)))
    held = rights(rule) | (_PARTS if _FULL in rights(rule) else frozenset())
    if _FULL in taken:
        taken |= held
    if not taken & held:
        return rule
    words = ", ".join(sorted(held - taken - {_FULL}))
    return Row({name: rule.raw(name) for name in rule} | {"rights": words})


def _comes_before(denial: Row, rule: Row) -> bool:
    """Explicit rules come before inherited ones, and of each the denials ([MS-ADTS] 5.1.3)."""
    concerns = _whom(denial) == _whom(rule) or is_all(_whom(denial) or "")
    covers = _kind(denial) in {_EVERYTHING, _kind(rule)}
    explicit = denial.truth("Inherited") is not True
    return concerns and covers and (explicit or rule.truth("Inherited") is True)


def _whom(rule: Row) -> str | None:
    return rule.text("Sid") or rule.text("Trustee")


def _kind(rule: Row) -> str:
    return (rule.text("ObjectType") or _EVERYTHING).lower().strip("{}")


def rights(rule: Row) -> frozenset[str]:
    """The names of the rights, in lower case."""
    parts = (part.strip().lower() for part in (rule.text("Rights") or "").split(","))
    return frozenset(filter(None, parts))


def gives_extended(rule: Row, right: str) -> bool:
    """Whether a rule gives an extended right, by its own number or with all others."""
    held = rights(rule)
    if _FULL in held:
        return True
    return "extendedright" in held and _kind(rule) in {right, _EVERYTHING}


def trustee(rule: Row) -> str:
    """The name of whom the rule is for, without its domain."""
    said = rule.text("Trustee") or rule.text("Sid") or "(nobody)"
    return said.rpartition("\\")[2]


def _allows(row: Row) -> bool:
    return (row.text("Type") or "Allow").lower() == "allow"
