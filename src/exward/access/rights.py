"""Names of the rights on a directory object that let somebody take it over, as BloodHound has them.

GUIDs: Microsoft, [MS-ADTS] 5.1.3.2.1 (control access rights) and 3.1.1.2.3 (schemaIDGUID); access
mask: [MS-ADTS] 5.1.3.2.
"""

from __future__ import annotations

GENERIC_ALL = "GenericAll"
WRITE_DACL = "WriteDacl"
WRITE_OWNER = "WriteOwner"
OWNS = "Owns"
GENERIC_WRITE = "GenericWrite"
ALL_EXTENDED = "AllExtendedRights"
ADD_MEMBER = "AddMember"
SET_PASSWORD = "ForceChangePassword"
GET_CHANGES = "GetChanges"
GET_CHANGES_ALL = "GetChangesAll"

TAKE_OVER = frozenset({GENERIC_ALL, WRITE_DACL, WRITE_OWNER, OWNS})
"""Each lets its holder give himself everything else."""

_CONTROLS = {
    "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2": GET_CHANGES,
    "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2": GET_CHANGES_ALL,
    "00299570-246d-11d0-a768-00aa006e0529": SET_PASSWORD,
}
_PROPERTIES = {
    "bf9679c0-0de6-11d0-a285-00aa003049e2": ADD_MEMBER,  # member
    "bc0ac240-79a9-11d0-9020-00c04fc2d4cf": ADD_MEMBER,  # the property set Membership
}
_FULL_CONTROL = 0xF01FF
_GENERIC_ALL = 0x10000000
_GENERIC_WRITE = 0x40000000
_WRITE_DAC, _WRITE_OWNER, _WRITE_PROPERTY, _CONTROL_ACCESS = 0x40000, 0x80000, 0x20, 0x100

_KNOWN = {
    name.casefold(): name
    for name in (
        GENERIC_ALL, WRITE_DACL, WRITE_OWNER, OWNS, GENERIC_WRITE, ALL_EXTENDED, ADD_MEMBER,
        SET_PASSWORD, GET_CHANGES, GET_CHANGES_ALL,
    )
}  # fmt: skip
_OTHER_WORDS = {
    "owner": OWNS,
    "addself": ADD_MEMBER,
    "user-force-change-password": SET_PASSWORD,
    "all": ALL_EXTENDED,
}


def sharphound_name(right: str, ace_type: str = "") -> str:
    """The right that an entry of SharpHound names; "" for one that takes nothing over.

    Until version 3 an extended right or a written property stands in `AceType`.
    """
    word = ace_type if right in {"ExtendedRight", "WriteProperty"} and ace_type else right
    if right == "ExtendedRight" and word.casefold() == "all":
        return ALL_EXTENDED
    return _KNOWN.get(word.casefold()) or _OTHER_WORDS.get(word.casefold(), "")


def names_of(mask: int, object_type: str) -> tuple[str, ...]:
    """The rights that an allowing ACE gives; `object_type` is a GUID, lower case, "" for all."""
    if mask & _GENERIC_ALL or mask & _FULL_CONTROL == _FULL_CONTROL:
        # An object type narrows full control to what the type allows.
        return (GENERIC_ALL,) if not object_type else _narrow(mask | _CONTROL_ACCESS, object_type)
    found = [
        name for bit, name in ((_WRITE_DAC, WRITE_DACL), (_WRITE_OWNER, WRITE_OWNER)) if mask & bit
    ]
    if not object_type:
        found += [GENERIC_WRITE] if mask & (_WRITE_PROPERTY | _GENERIC_WRITE) else []
        found += [ALL_EXTENDED] if mask & _CONTROL_ACCESS else []
        return tuple(found)
    return (*found, *_narrow(mask, object_type))


def _narrow(mask: int, object_type: str) -> tuple[str, ...]:
    if mask & _CONTROL_ACCESS and object_type in _CONTROLS:
        return (_CONTROLS[object_type],)
    if mask & _WRITE_PROPERTY and object_type in _PROPERTIES:
        return (_PROPERTIES[object_type],)
    return ()
