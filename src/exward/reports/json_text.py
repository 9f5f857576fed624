"""JSON as every output writes it: valid for strict readers, harmless on a terminal.

Evidence decides what stands in the strings. Characters that do not print (control characters,
C1 codes, bidirectional overrides, line separators) are written as JSON escapes, so that `cat`
shows them and a reader gets them back. A lone surrogate is no character: strict readers refuse
the whole line for `\\ud800`, which would let a file name hide its own finding. It is written as
the six characters of its escape, backslash included, and stays so when read back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def dumps(value: object) -> str:
    """One compact line of JSON without a line end; raises ValueError for NaN and infinity."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # All structure is printable ASCII, so what does not print stands inside a string.
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return f"\\\\u{code:04x}"
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def filled(fields: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is not known: None, and empty texts, lists and objects (0 and False stay)."""
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, dict)) and len(value) == 0)
