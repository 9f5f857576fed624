"""What the collector says of an account wherever it is listed (`Select-Account`)."""

from __future__ import annotations

from msgspec.structs import replace

from exward.access.exports import group_members
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Party


def account(properties: Properties, context: Context) -> Party:
    """The account or group. Without a logon the collector writes null: one that has an
    `Enabled` was asked, and has never logged on.
    """
    one = group_members.party(properties, context)
    if one.name == one.dn:  # of another domain: nothing but this is known
        one = replace(one, name="")
    if one.last_logon is None and one.enabled is not None and "LastLogon" in properties:
        one = replace(one, last_logon=0)
    return one
