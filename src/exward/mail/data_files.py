"""The data that checks look things up in; each file says where its facts come from."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data_file(name: str) -> dict[str, Any]:
    """A data file of `mail/data` as TOML; lists of plain words become sets."""
    text = (files("exward.mail") / "data" / name).read_text("utf-8")
    return {key: _fast(value) for key, value in tomllib.loads(text).items()}


def _fast(value: object) -> object:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return frozenset(value)
    return value
