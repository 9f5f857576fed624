"""What the collector says of an account wherever it is listed (`Select-Account`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from exward.access import rights, security_descriptor
from exward.access.exports import group_members
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Party, Right

_BUILTIN = re.compile(
    r"(?:localsystem|system|local ?service|network ?service|interactive|users|administrators"
    r"|everyone|authenticated users|iis apppool\\.*|nt (?:service|authority|virtual machine)\\.*"
    r"|s-1-5-\d\d?|builtin\\.*|s-1-5-32-\d+|\w+-autorit\S+\\.*)",
    re.IGNORECASE,
)
"""Accounts of Windows itself, and groups that tasks run for."""


def is_builtin(name: str) -> bool:
    """Whether a service or task runs as an account of Windows itself."""
    return _BUILTIN.fullmatch(name.strip()) is not None


def account(properties: Properties, context: Context) -> Party:
    """The account or group. What the directory has no value for the collector writes as null: one
    that has an `Enabled` was asked, and has never logged on.
    """
    one = group_members.party(properties, context)
    if one.name == one.dn:  # of another domain: nothing but this is known
        one = replace(one, name="")
    if one.last_logon is None and one.enabled is not None and "LastLogon" in properties:
        one = replace(one, last_logon=0)
    if one.admin_count is None and "AdminCount" in properties:
        one = replace(one, admin_count=False)
    if one.encryption is None and "SupportedEncryptionTypes" in properties:
        one = replace(one, encryption=0)
    return one


def actors(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield who may sign in to the account's computer as anybody (resource-based delegation)."""
    written = properties.text("AllowedToAct")
    itself = properties.text("Sid", "Dn", "SamAccountName")
    if not written or not itself:
        return
    try:
        for trustee in security_descriptor.allowed(bytes.fromhex(written)):
            yield Right(itself, trustee, rights.ACT_FOR, False, context.place)
    except ValueError as error:
        yield f"AllowedToAct cannot be read: {error}"
