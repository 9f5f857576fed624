"""YAML that people edit: what is read back is what was written."""

from __future__ import annotations

import re

import yaml

_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")
"""Letters at which YAML ends a line, or which it drops, unless they are written by number."""


class _Dumper(yaml.SafeDumper):
    """Quotes texts in which such letters stand, so that each is written by its number."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _BREAKS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written(values: object) -> str:
    """Plain values as YAML, in their order and in letters of every script."""
    text: str = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
