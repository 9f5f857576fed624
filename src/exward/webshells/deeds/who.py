"""Who can choose a value, in words."""

from __future__ import annotations

from exward.webshells.values import CONTROL, FILE, NET, REQUEST, Value

CHOSEN = frozenset({REQUEST, CONTROL, NET})
"""Sources whose text a stranger writes."""
_WORDS = {
    REQUEST: "the request",
    CONTROL: "a form field",
    FILE: "an uploaded file",
    NET: "another server",
}


def who(value: Value) -> str:
    """The source of a value."""
    return next((word for source, word in _WORDS.items() if source in value.taint), "a stranger")


def is_chosen(value: Value) -> bool:
    """Whether a stranger chooses a value from its beginning, such as a whole path."""
    return bool(value.taint & {REQUEST, CONTROL, FILE}) and not value.anchored
