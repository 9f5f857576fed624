"""The words that the analysis knows, read from its own source: inputs made of them get far."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

_TEXT = re.compile(r"\"([A-Za-z_][\w.$]{1,40})\"")
_NAME = re.compile(r"[\w.]+::\.?\w+")
_IN_PATTERN = re.compile(r"[A-Za-z]{4,30}")


@lru_cache(maxsize=1)
def _source() -> str:
    folder = Path(str(resources.files("exward.webshells").joinpath("")))
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Names and texts that stand in quotation marks, and the words inside of patterns."""
    quoted = set(_TEXT.findall(_source()))
    patterns = re.findall(r"r\"([^\"]{8,})\"", _source())
    return tuple(sorted(quoted | {word for one in patterns for word in _IN_PATTERN.findall(one)}))


@lru_cache(maxsize=1)
def members() -> tuple[str, ...]:
    """Members of .NET classes, as `Namespace.Class::Member`."""
    return tuple(sorted(set(_NAME.findall(_source()))))
