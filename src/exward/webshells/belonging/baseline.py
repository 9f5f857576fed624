"""Exchange's stock web files by build, as Microsoft shipped them.

The list ends with the builds of April 2021 (15.0.1497.12, 15.1.2242.4, 15.2.858.5); where it comes
from stands in the file itself.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec


class Version(NamedTuple):
    """A hash of one path, and the first and last build that has it, as places in `builds`."""

    sha256: str
    first: int
    last: int


class Baseline(msgspec.Struct, frozen=True):
    """All builds in order, and the versions of each path (from `places.Place.stock_path`)."""

    source: str
    builds: tuple[str, ...]
    files: dict[str, tuple[Version, ...]]

    def knows(self, path: str, sha256: str) -> bool:
        """Whether any build has this file at this path."""
        return any(one.sha256 == sha256 for one in self.files.get(path, ()))

    def has(self, path: str, build: int) -> bool:
        """Whether a build has a file at this path."""
        return any(one.first <= build <= one.last for one in self.files.get(path, ()))


LIST = files("exward") / "content" / "stock" / "exchange-web-files.json"


@cache
def baseline() -> Baseline:
    """The list, read when it is first asked for."""
    return msgspec.json.decode(LIST.read_bytes(), type=Baseline)


def numbers(build: str) -> tuple[int, ...]:
    """A build as its numbers, which compare as builds do: `15.02.1118.007` is `15.2.1118.7`."""
    return tuple(int(part) for part in build.split("."))
