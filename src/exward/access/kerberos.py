"""What the directory says of how an account's tickets can be attacked.

Bits of msDS-SupportedEncryptionTypes: [MS-KILE] 2.2.7; without a value domain controllers take RC4
for service tickets (Microsoft, knowledge base 5021131: since November 2022 their own default says
which).
"""

from __future__ import annotations

from exward.access.facts import Kind, Party

DAY_US = 86_400_000_000
OLD_PASSWORD_DAYS = 365
_RC4, _DES = 0x4, 0x3


def is_kerberoastable(party: Party) -> bool:
    """Whether any user gets a ticket that is encrypted with a password that a person chose."""
    return party.kind is Kind.USER and bool(party.spns) and party.enabled is not False


def cipher(party: Party) -> str:
    """The weakest that tickets for the account may be encrypted with, in words; "" if AES only."""
    types = party.encryption
    if types is None:
        return ""
    if types & _DES:
        return "DES"
    return "RC4" if types == 0 or types & _RC4 else ""


def password_days(party: Party, as_of: int) -> int | None:
    """Whole days since the password was set; None if that is not known or never was."""
    if not party.password_set or party.password_set > as_of:
        return None
    return (as_of - party.password_set) // DAY_US


def roasting(party: Party, as_of: int) -> str:
    """Why a kerberoastable account is more or less worth an attack, in words."""
    number = len(party.spns)
    words = [f"a user account with {number} service name{'s' * (number != 1)}"]
    if weak := cipher(party):
        words.append(f"tickets with {weak}")
    days = password_days(party, as_of)
    if days is not None:
        words.append(f"password {days:,} days old")
    return ", ".join(words)
