"""Build numbers of Exchange: four numbers, ordered as numbers, in every form they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from exward.posture import plain

# AdminDisplayVersion: `Version 15.2 (Build 1118.7)`; long forms pad with zeros: `15.02.1118.007`.
_ADMIN = re.compile(
    r"(?:Version )?(\d{1,2})\.(\d{1,2}) \(Build (\d{1,5})\.(\d{1,5})\)", re.IGNORECASE
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{1,5})(?:\.(\d{1,5}))?")
_PARTS = ("major", "minor", "build", "revision")
_LONGEST = 40
"""No form of a build has more characters; what is longer is not kept."""


class Build(NamedTuple):
    """`revision` is None where only three numbers are known."""

    major: int
    minor: int
    build: int
    revision: int | None

    def __str__(self) -> str:
        return ".".join(str(part) for part in self if part is not None)

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """For comparing; an unknown revision counts as 0."""
        return self.major, self.minor, self.build, self.revision or 0


def parse(value: object) -> Build | None:
    """A build of Exchange 2010 or newer; None for everything else."""
    if isinstance(value, Mapping):
        named = {str(name).lower(): plain.number(part) for name, part in value.items()}
        numbers = [named.get(part) for part in _PARTS]
        value = ".".join(str(part) for part in numbers if part is not None)
    written = value.strip() if isinstance(value, str) else ""
    return _written(written) if len(written) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _written(value: str) -> Build | None:
    match = _ADMIN.fullmatch(value) or _DOTTED.fullmatch(value)
    if match is None:
        return None
    major, minor, build, revision = match.groups()
    if int(major) not in {14, 15}:
        return None
    return Build(int(major), int(minor), int(build), None if revision is None else int(revision))
