"""What userAccountControl says of an account ([MS-ADTS] 2.2.16), by the fields of a party."""

from __future__ import annotations

from typing import NamedTuple

_DISABLED = 0x2
_BITS = {
    "no_password": 0x20,
    "reversible": 0x80,
    "never_expires": 0x10000,
    "unconstrained": 0x80000,
    "no_preauthentication": 0x400000,
    "any_protocol": 0x1000000,
}


class Control(NamedTuple):
    """The flags; all None if the number is not known."""

    enabled: bool | None = None
    no_password: bool | None = None
    reversible: bool | None = None
    never_expires: bool | None = None
    unconstrained: bool | None = None
    no_preauthentication: bool | None = None
    any_protocol: bool | None = None


def control_of(number: int | None) -> Control:
    """The flags of a number."""
    if number is None:
        return Control()
    flags = {name: bool(number & bit) for name, bit in _BITS.items()}
    return Control(enabled=not number & _DISABLED, **flags)
