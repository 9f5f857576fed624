"""IIS's TokenCacheModule: removed from IIS, or of a version that Windows has fixed."""

from __future__ import annotations

import re

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.iis import elements, ending
from exward.posture.inventory import IIS_CONFIG, Inventory

READS = (IIS_CONFIG, "files")
_VERSION = re.compile(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})\.(\d{1,5})")
# Windows Server 2025 was never affected (build 26100 and above).
_NOT_AFFECTED = (10, 0, 26_000, 0)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """`values` are the first fixed versions of cachtokn.dll, one for each version of Windows."""
    modules = ending(elements(inventory), "globalmodules/add")
    if modules and all((row.text("name") or "").lower() != "tokencachemodule" for row in modules):
        return passed("IIS's TokenCacheModule is removed.")
    version = _installed(inventory)
    if version is None:
        return unknown("the version of cachtokn.dll was not collected")
    said = f"cachtokn.dll has version {'.'.join(map(str, version))}."
    fixed = [one for one in map(_numbers, condition.values) if one and one[:3] == version[:3]]
    if version >= _NOT_AFFECTED or (fixed and version >= fixed[0]):
        return passed(said)
    if not fixed:
        return unknown(f"whether this version is fixed: {said}")
    return failed(f"{said} Windows' update of October 2023 is missing.")


def _installed(inventory: Inventory) -> tuple[int, ...] | None:
    for row in inventory.rows("files") or ():
        path = (row.text("Path") or "").lower()
        if path.replace("/", "\\").rpartition("\\")[2] == "cachtokn.dll":
            return _numbers(row.text("FileVersion") or "")
    return None


def _numbers(text: str) -> tuple[int, ...] | None:
    found = _VERSION.match(text)
    return None if found is None else tuple(map(int, found.groups()))
