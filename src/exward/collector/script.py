"""Puts the collector's script together from its parts in `content/collector/`.

`begin/` and `end/` frame the areas; each file of `areas/` is an area named like it, and a new one
needs no other change. The script is plain ASCII with the line ends of Windows, and the same for
the same version and choice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from exward import __version__
from exward.model.errors import ContentError, UsageError

DEFAULT_DAYS = 14
MAX_DAYS = 3650


@cache
def areas() -> tuple[str, ...]:
    """The names of all areas, sorted. Raises ContentError if the parts were not installed."""
    return tuple(sorted(part.name.removesuffix(".ps1") for part in _parts("areas")))


def about(area: str) -> str:
    """What an area is for: the first sentences of its file."""
    lines = _folder("areas").joinpath(f"{area}.ps1").read_text("ascii").splitlines()
    said = []
    for line in lines:
        if not line.startswith("#"):
            break
        said.append(line.removeprefix("#").strip())
    return " ".join(said)


def make_script(days: int = DEFAULT_DAYS, chosen: Sequence[str] = ()) -> str:
    """The script; `days` is what its -Days has unless given, `chosen` the areas (none: all).

    Raises UsageError for an area that does not exist.
    """
    unknown = sorted(set(chosen) - set(areas()))
    if unknown:
        raise UsageError("there is no such area", "areas: " + ", ".join(areas()), unknown[0])
    middle = [part for part in _parts("areas") if _is_chosen(part.name, chosen)]
    body = "\n".join(_read(part) for part in [*_parts("begin"), *middle, *_parts("end")])
    body = body.replace("@@DAYS@@", str(days)).replace("@@VERSION@@", __version__)
    body = body.replace("\n", "\r\n")
    return "\r\n".join([*_header(body, chosen), body])


def _header(body: str, chosen: Sequence[str]) -> Iterator[str]:
    """What a reviewer sees first. The digest is that of all bytes behind the ruled line."""
    yield f"# exward collector {__version__}"
    yield "# Read-only: gathers settings, groups, hashes of web files and logs into one zip."
    yield "# Writes only below -OutputPath, changes no setting, sends nothing, asks nothing."
    yield "# Areas: " + (", ".join(sorted(set(chosen))) if chosen else "all")
    digest = hashlib.sha256(body.encode("ascii")).hexdigest()
    yield f"# SHA-256 of everything below the line: {digest}"
    yield "# " + "-" * 78


def _is_chosen(name: str, chosen: Iterable[str]) -> bool:
    return not chosen or name.removesuffix(".ps1") in chosen


def _parts(folder: str) -> list[Traversable]:
    found = [one for one in _folder(folder).iterdir() if one.name.endswith(".ps1")]
    return sorted(found, key=lambda one: one.name)


def _folder(name: str) -> Traversable:
    folder = resources.files("exward").joinpath("content", "collector", name)
    if not folder.is_dir():
        raise ContentError("the collector is missing", "install exward again", str(folder))
    return folder


def _read(part: Traversable) -> str:
    return part.read_text("ascii").strip("\n") + "\n"
