"""The parameters of a cmdlet as Exchange's logs write them: `-Name "value" -Switch "True"`.

Quotation marks inside a value are doubled in some logs and bare in others; a value ends at a mark
behind which the next parameter or nothing follows. A value that was cut short ends with the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from exward.model.records import Fields

MAX_CHARS = 256 * 1024
MAX_PARAMETERS = 256
PREFIX = "Parameter."
"""Field names: `Parameter.FilePath`."""

_NAME = re.compile(r"\s*-([A-Za-z]\w{0,99})(?::\s?|\s+|\Z)")
_CLOSING = re.compile(r'"(?=\s*\Z|\s+-[A-Za-z])')
_NEXT = re.compile(r"(?<!\s)\s+(?=-[A-Za-z])")


def parse_parameters(text: str) -> dict[str, str]:
    """Give name → value, in order; of a name said twice the first. What is no parameter is left."""
    text = text[:MAX_CHARS]
    found: dict[str, str] = {}
    at = 0
    while len(found) < MAX_PARAMETERS and (name := _NAME.match(text, at)) is not None:
        value, at = _value(text, name.end())
        found.setdefault(name[1], value)
    return found


def add_parameters(fields: Fields, parameters: Mapping[str, object]) -> None:
    """Add each value as `Parameter.<Name>`."""
    for name, value in parameters.items():
        fields.setdefault(PREFIX + name, value)


def as_text(parameters: Mapping[str, str]) -> str:
    """The form of the MSExchange Management log."""
    return " ".join(f'-{name} "{value}"' for name, value in parameters.items())


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at `at`, and where the next parameter begins."""
    if text.startswith('"', at):
        closing = _CLOSING.search(text, at + 1)
        end = len(text) if closing is None else closing.start()
        return text[at + 1 : end].replace('""', '"'), end + 1
    if text.startswith("-", at) and _NAME.match(text, at) is not None:
        return "", at
    following = _NEXT.search(text, at)
    end = len(text) if following is None else following.start()
    return text[at:end].rstrip(), end
