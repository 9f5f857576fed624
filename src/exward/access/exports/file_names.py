"""Which group an export is about, from the name of its file: the objects themselves do not say."""

from __future__ import annotations

import re

from exward.model import watchlist

_CMDLET = re.compile(
    r"(?:get)?[-_ ]?(?:ad|role|distribution|local)?group[-_ ]?members?(?:hip)?(?:[-_ .]+|\Z)",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"[-_ .](?:members?|export|list)\Z", re.IGNORECASE)


def group_of(path: str) -> str:
    """The group's name: a watched one anywhere, another one behind the cmdlet's name; else ""."""
    stem = re.split(r"[\\/!]", path)[-1].rpartition(".")[0]
    named = _CMDLET.match(stem)
    rest = _MEMBERS.sub("", stem[named.end() :] if named is not None else stem).strip("-_ .")
    known = watchlist.group_named(rest)
    return known or (rest if named is not None else "")
