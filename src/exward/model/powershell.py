"""How values from evidence get into PowerShell without acting there.

Attackers choose file names, account names and the words of a log line. A value becomes a
single-quoted string of harmless ASCII; every other character is written by its number. So
nothing in it is a quotation mark (PowerShell takes U+2018 to U+201B for one, too: language
specification, 2.3.5.2), a line end or an escape, none is lost on the way to the account that it
names, and no code page turns a byte into one: Windows PowerShell 5.1 reads a script without a mark
in the server's code page, in which one byte of many a letter is U+2019.
"""

from __future__ import annotations

from itertools import groupby

_PLAIN = frozenset(range(0x20, 0x7F)) - {ord("`")}
_STRING = r"'(?:[ -&(-_a-~]|'')*'"
_PART = rf"(?:{_STRING}|\[char\]0x[0-9A-F]{{4}})"
LITERAL = rf"(?:{_STRING}|\({_STRING}(?: \+ {_PART})+\))"
"""A regular expression for what `literal` gives."""


def literal(value: str) -> str:
    """The value as a PowerShell expression: `'a''b'`, or `('a' + [char]0x2019 + 'b')`."""
    parts = []
    for is_plain, run in groupby(_units(value), key=_PLAIN.__contains__):
        if is_plain:
            parts.append("'" + "".join(map(chr, run)).replace("'", "''") + "'")
        else:
            parts += [f"[char]0x{unit:04X}" for unit in run]
    if len(parts) == 1 and parts[0].startswith("'"):
        return parts[0]
    # A sum that begins with a string is a string, one that begins with a character is not.
    head = [] if parts and parts[0].startswith("'") else ["''"]
    joined = " + ".join([*head, *parts])
    return f"({joined})" if parts else joined


def _units(value: str) -> list[int]:
    """UTF-16 code units, as .NET's strings have them; lone surrogates stay."""
    data = value.encode("utf-16-le", "surrogatepass")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]
