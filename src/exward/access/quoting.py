"""Names from evidence inside of commands that are shown to people."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A text for PowerShell, as one word that nothing is expanded in."""
    plain = "".join(sign for sign in text if sign.isprintable())
    for quote in "'‘’‚‛":  # PowerShell takes all of these for a quotation mark
        plain = plain.replace(quote, quote * 2)
    return f"'{plain}'"
