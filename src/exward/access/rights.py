"""Names of the rights on a directory object that let somebody take it over, as BloodHound has them.

GUIDs: Microsoft, [MS-ADTS] 5.1.3.2.1 (control access rights) and 3.1.1.2.3 (schemaIDGUID of
attributes), Active Directory schema (property sets); access mask: [MS-ADTS] 5.1.3.2.
"""

from __future__ import annotations

import re

GENERIC_ALL = "GenericAll"
WRITE_DACL = "WriteDacl"
WRITE_OWNER = "WriteOwner"
OWNS = "Owns"
GENERIC_WRITE = "GenericWrite"
ALL_EXTENDED = "AllExtendedRights"
ADD_MEMBER = "AddMember"
ADD_SELF = "AddSelf"
SET_PASSWORD = "ForceChangePassword"
GET_CHANGES = "GetChanges"
GET_CHANGES_ALL = "GetChangesAll"
WRITE_SPN = "WriteSPN"
WRITE_KEYS = "AddKeyCredentialLink"
WRITE_DELEGATION = "AddAllowedToAct"
ACT_FOR = "AllowedToAct"
READ_PASSWORD = "ReadGMSAPassword"
WRITE_POLICY_LINK = "WriteGPLink"

TAKE_OVER = frozenset({GENERIC_ALL, WRITE_DACL, WRITE_OWNER, OWNS})
"""Each lets its holder give himself everything else."""

WRITE_DAC, WRITE_OWNER_BIT, WRITE_PROPERTY, SELF, CONTROL_ACCESS = (
    0x40000,
    0x80000,
    0x20,
    0x8,
    0x100,
)
FULL_CONTROL = 0xF01FF
_GENERIC = ((0x10000000, FULL_CONTROL), (0x40000000, 0x20028))
"""GENERIC_ALL and GENERIC_WRITE stand for these ([MS-ADTS] 5.1.3.2)."""
RELEVANT = WRITE_DAC | WRITE_OWNER_BIT | WRITE_PROPERTY | SELF | CONTROL_ACCESS

MEMBER = "bf9679c0-0de6-11d0-a285-00aa003049e2"
_OF_GUID = (
    # GUID, what it is called, bit of the mask, right
    ("1131f6aa-9c07-11d1-f79f-00c04fc2dcd2", "DS-Replication-Get-Changes", CONTROL_ACCESS,
     GET_CHANGES),
    ("1131f6ad-9c07-11d1-f79f-00c04fc2dcd2", "DS-Replication-Get-Changes-All", CONTROL_ACCESS,
     GET_CHANGES_ALL),
    ("00299570-246d-11d0-a768-00aa006e0529", "User-Force-Change-Password", CONTROL_ACCESS,
     SET_PASSWORD),
    (MEMBER, "Member", WRITE_PROPERTY, ADD_MEMBER),
    ("bc0ac240-79a9-11d0-9020-00c04fc2d4cf", "Membership", WRITE_PROPERTY, ADD_MEMBER),
    (MEMBER, "Self-Membership", SELF, ADD_SELF),
    ("f3a64788-5306-11d1-a9c5-0000f80367c1", "Service-Principal-Name", WRITE_PROPERTY, WRITE_SPN),
    ("f3a64788-5306-11d1-a9c5-0000f80367c1", "Validated-SPN", SELF, WRITE_SPN),
    ("5b47d60f-6090-40b2-9f37-2a4de88f3063", "ms-DS-Key-Credential-Link", WRITE_PROPERTY,
     WRITE_KEYS),
    ("3f78c3e5-f79a-46bd-a0b8-9d18116ddc79", "ms-DS-Allowed-To-Act-On-Behalf-Of-Other-Identity",
     WRITE_PROPERTY, WRITE_DELEGATION),
    ("4c164200-20c0-11d0-a768-00aa006e0529", "User-Account-Restrictions", WRITE_PROPERTY,
     WRITE_DELEGATION),
    ("f30e3bbe-9ff0-11d1-b603-0000f80367c1", "GP-Link", WRITE_PROPERTY, WRITE_POLICY_LINK),
)  # fmt: skip
BY_GUID = {(guid, bit): right for guid, _, bit, right in _OF_GUID}
"""The right that an entry for this GUID gives, by the bit of its mask."""
NAMES = {guid: name for guid, name, _, _ in reversed(_OF_GUID)}
"""Common names of the attributes, property sets and extended rights."""
_GUIDS = frozenset(guid for guid, _, _, _ in _OF_GUID)
EXTENDED = {guid: right for guid, _, bit, right in _OF_GUID if bit == CONTROL_ACCESS}
"""The extended rights that are told apart, by GUID."""

_WORDS = {
    # System.DirectoryServices.ActiveDirectoryRights (Microsoft Learn), also of Get-ADPermission.
    "self": SELF, "writeproperty": WRITE_PROPERTY, "extendedright": CONTROL_ACCESS,
    "genericwrite": 0x20028, "genericall": FULL_CONTROL, "fullcontrol": FULL_CONTROL,
    "writedacl": WRITE_DAC, "changepermission": WRITE_DAC, "writeowner": WRITE_OWNER_BIT,
    "changeowner": WRITE_OWNER_BIT,
}  # fmt: skip

_KNOWN = {
    name.casefold(): name
    for name in (
        GENERIC_ALL, WRITE_DACL, WRITE_OWNER, OWNS, GENERIC_WRITE, ALL_EXTENDED, ADD_MEMBER,
        ADD_SELF, SET_PASSWORD, GET_CHANGES, GET_CHANGES_ALL, WRITE_SPN, WRITE_KEYS,
        WRITE_DELEGATION, ACT_FOR, READ_PASSWORD, WRITE_POLICY_LINK,
    )
}  # fmt: skip
_OTHER_WORDS = {
    "owner": OWNS,
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


def mask_of(words: str) -> int:
    """The bits that `GenericRead, WriteDacl` stands for; those that take nothing over are 0."""
    names = re.split(r"[,;\s]+", words.casefold())
    mask = 0
    for name in names:
        mask |= _WORDS.get(name, 0)
    return mask


def guid_of(name: str) -> str:
    """The GUID of an extended right, attribute or property set that is told apart, else "".

    Display names and LDAP names both serve: hyphens and case do not matter.
    """
    return _GUID_NAMES.get(_squeezed(name), "")


def expanded(mask: int) -> int:
    """The mask with the generic rights replaced by what they stand for."""
    for bit, meant in _GENERIC:
        mask |= meant if mask & bit else 0
    return mask


def matters(mask: int, object_type: str) -> bool:
    """Whether an entry with this mask and GUID ("": all) gives or takes a right told here."""
    touched = expanded(mask) & RELEVANT
    if object_type and object_type not in _GUIDS:
        touched &= WRITE_DAC | WRITE_OWNER_BIT
    return touched != 0


def names_of(mask: int, object_type: str) -> tuple[str, ...]:
    """The rights that an allowing ACE gives; `object_type` is a GUID, lower case, "" for all."""
    mask = expanded(mask)
    if not object_type and mask & FULL_CONTROL == FULL_CONTROL:
        return (GENERIC_ALL,)
    found = [
        name
        for bit, name in ((WRITE_DAC, WRITE_DACL), (WRITE_OWNER_BIT, WRITE_OWNER))
        if mask & bit
    ]
    if object_type:
        bits = (CONTROL_ACCESS, WRITE_PROPERTY, SELF)
        narrow = (BY_GUID.get((object_type, bit), "") for bit in bits if mask & bit)
        return tuple(dict.fromkeys((*found, *filter(None, narrow))))
    found += [GENERIC_WRITE] if mask & WRITE_PROPERTY else []
    found += [ALL_EXTENDED] if mask & CONTROL_ACCESS else []
    found += [ADD_SELF] if mask & SELF and not mask & WRITE_PROPERTY else []
    return tuple(found)


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


_GUID_NAMES = {_squeezed(name): guid for guid, name, _, _ in _OF_GUID}
