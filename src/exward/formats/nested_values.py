"""Values inside values as flat fields: dotted names, lists of what may have several values."""

from __future__ import annotations

from collections.abc import Mapping

from exward.model.records import Fields

MAX_DEPTH = 16
MAX_NAME_CHARS = 500


def add(fields: Fields, name: str, value: object, depth: int = 0) -> None:
    """Add a value under its name, inner ones below it; a second value of a name makes a list."""
    if depth >= MAX_DEPTH:
        value = "(nested too deeply to show)"
    if isinstance(value, Mapping):
        for key, one in value.items():
            add(fields, f"{name}.{key}"[:MAX_NAME_CHARS] if name else str(key), one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            add(fields, name, one, depth + 1)
        if not value:
            fields.setdefault(name, None)
    else:
        _append(fields, name, value)


def _append(fields: Fields, name: str, value: object) -> None:
    present = fields.get(name)
    if present is None or present == []:  # an empty list may be shared with other records
        fields[name] = value
        return
    if isinstance(present, list):
        present.append(value)
    else:
        fields[name] = [present, value]
