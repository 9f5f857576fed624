"""What Microsoft Defender leaves unscanned on a server, and how much of it hides an intruder.

Read from Get-MpPreference, which has everything that is in force, and from the registry. Without
administrators' rights Get-MpPreference gives a sentence instead of the list: then it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from exward.posture.inventory import Inventory
from exward.posture.known import texts

READS = ("defender", "registry")
_KEYS = (
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions",
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions",
)
# `N/A: Must be an administrator to view exclusions`
_NOT_SHOWN = "n/a:"
# Those that a path begins with tell the name of another computer.
_SEPARATORS = re.compile(r"(?<=.)\\+")
_VARIABLE = re.compile(r"%([\w()]{1,40})%")
_EXCHANGE_PATH = r"C:\Program Files\Microsoft\Exchange Server\V15"
_SETUP = r"HKLM\SOFTWARE\Microsoft\ExchangeServer\v15\Setup"


class Kind(StrEnum):
    """The four lists, by the name of their registry key."""

    PATH = "Paths"
    PROCESS = "Processes"
    EXTENSION = "Extensions"
    ADDRESS = "IpAddresses"


_MEMBERS = {
    Kind.PATH: "ExclusionPath",
    Kind.PROCESS: "ExclusionProcess",
    Kind.EXTENSION: "ExclusionExtension",
    Kind.ADDRESS: "ExclusionIpAddress",
}


class Exclusion(NamedTuple):
    """One entry, as it was written."""

    kind: Kind
    value: str


def exclusions(inventory: Inventory) -> tuple[Exclusion, ...] | None:
    """Every exclusion, each once; None if one of the lists is not known."""
    found: dict[Exclusion, None] = {}
    for kind in Kind:
        preferred, registered = _preferred(inventory, kind), _registered(inventory, kind)
        if preferred is None and registered is None and kind is not Kind.ADDRESS:
            return None
        for value in (*(preferred or ()), *(registered or ())):
            found[Exclusion(kind, value.strip())] = None
    return tuple(found)


def variables(inventory: Inventory) -> Mapping[str, str]:
    """Windows' variables and %ExchangeInstallPath%, by name in lower case, without a last `\\`."""
    host = inventory.row("host")
    setup = inventory.key(_SETUP)
    root = (
        (host.text("ExchangePath") if host is not None else None)
        or (setup.values.text("MsiInstallPath") if setup is not None else None)
        or _EXCHANGE_PATH
    )
    return {
        "exchangeinstallpath": root.rstrip("\\"),
        "systemdrive": "C:",
        "systemroot": r"C:\Windows",
        "windir": r"C:\Windows",
        "programfiles": r"C:\Program Files",
        "programdata": r"C:\ProgramData",
        "allusersprofile": r"C:\ProgramData",
    }


def plain_path(path: str, known: Mapping[str, str]) -> str:
    """Lower case, `\\` between folders and none at the end; variables that are known put in."""
    filled = path.strip().strip('"')
    if "%" in filled:
        filled = _VARIABLE.sub(lambda one: known.get(one[1].lower(), one[0]), filled)
    slashed = filled.replace("/", "\\")
    if "\\\\" in slashed:
        slashed = _SEPARATORS.sub(r"\\", slashed)
    return slashed.rstrip("\\").lower()


def _preferred(inventory: Inventory, kind: Kind) -> tuple[str, ...] | None:
    defender = inventory.row("defender")
    preference = None if defender is None else defender.row("Preference")
    found = None if preference is None else texts(preference, _MEMBERS[kind])
    hidden = found is None or any(one.lower().startswith(_NOT_SHOWN) for one in found)
    return None if hidden else found


def _registered(inventory: Inventory, kind: Kind) -> tuple[str, ...] | None:
    """The names of the values are the exclusions; None if neither key was looked for."""
    keys = [inventory.key(f"{key}\\{kind}") for key in _KEYS]
    if all(key is None for key in keys):
        return None
    found = (name for key in keys if key is not None and key.exists for name in key.values)
    return tuple(name for name in found if name)
