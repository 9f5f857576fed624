"""Access lists as text: security descriptor definition language ([MS-DTYP] 2.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.access.security_descriptor import MAX_ACES, OPEN_TO_ALL, Ace

MAX_CHARS = 1_000_000
_NO_LIST = "NO_ACCESS_CONTROL"
_ACE = re.compile(
    r"\((OA|OD|XA|A|D);([^;()]{0,40});([^;()]{1,80});([^;()]{0,40});[^;()]{0,40};([^;()]{2,200})"
)
_RIGHTS = {
    "GA": 0x10000000, "GW": 0x40000000, "WD": 0x40000, "WO": 0x80000, "WP": 0x20, "SW": 0x8,
    "CR": 0x100, "SD": 0x10000, "RC": 0x20000, "RP": 0x10, "CC": 0x1, "DC": 0x2, "LC": 0x4,
    "LO": 0x80, "DT": 0x40,
}  # fmt: skip
_TRUSTEES = {
    "WD": "S-1-1-0", "AU": "S-1-5-11", "AN": "S-1-5-7", "SY": "S-1-5-18", "BA": "S-1-5-32-544",
    "ED": "S-1-5-9", "PS": "S-1-5-10", "CO": "S-1-3-0", "OW": "S-1-3-4", "AO": "S-1-5-32-548",
    "RU": "S-1-5-32-554",
}  # fmt: skip
"""Those whose SID is whole; of others, such as DA, the domain is not known and the letters stay."""


def aces(text: str) -> Iterator[Ace]:
    """Yield the entries for the object itself; what cannot be read is left out. What allows on a
    condition (XA) is taken to allow.
    """
    dacl = text[:MAX_CHARS].partition("D:")[2].partition("S:(")[0]
    if dacl.startswith(_NO_LIST):
        yield OPEN_TO_ALL
    for number, found in enumerate(_ACE.finditer(dacl)):
        kind, flags, rights, guid, trustee = found.groups()
        codes = {flags[at : at + 2] for at in range(0, len(flags), 2)}
        if number >= MAX_ACES or "IO" in codes:
            continue
        allow = kind not in {"D", "OD"}
        yield Ace(
            _TRUSTEES.get(trustee, trustee), _mask(rights), guid.casefold(), allow, "ID" in codes
        )


def _mask(rights: str) -> int:
    if rights.startswith("0x"):
        try:
            return int(rights, 16) & 0xFFFFFFFF
        except ValueError:
            return 0
    mask = 0
    for at in range(0, len(rights), 2):
        mask |= _RIGHTS.get(rights[at : at + 2], 0)
    return mask
