"""Names from evidence inside of commands that are shown to people."""

from __future__ import annotations

QUOTED = r"'(?:[^'‘’‚‛\x00-\x1f\x7f-\x9f\u2028\u2029]|''|‘‘|’’|‚‚|‛‛)*'"
"""A regular expression for what `quoted` gives."""


def quoted(text: str) -> str:
    """A text for PowerShell, as one word that nothing is expanded in."""
    plain = "".join(sign for sign in text if sign.isprintable())
    for quote in "'‘’‚‛":  # PowerShell takes all of these for a quotation mark
        plain = plain.replace(quote, quote * 2)
    return f"'{plain}'"
