"""What antivirus programs may leave unscanned, as data (`content/hardening`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from exward.model.severity import Severity


class Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that Microsoft recommends to exclude; `product` "": for every version."""

    path: str
    needed: bool = False
    product: str = ""


class Programs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Programs of one folder, names without `.exe`."""

    folder: str
    names: tuple[str, ...]


class Withdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Microsoft does not recommend any more."""

    source: str
    folders: tuple[str, ...]
    processes: tuple[str, ...]


class Hiding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place where intruders lie: bad if it is excluded as a whole, or if anything in it is."""

    path: str
    reach: Literal["whole", "inside"]
    severity: Severity
    why: str


class Exclusions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file; paths have variables in them, extensions no point."""

    source: str
    folders: tuple[Folder, ...]
    processes: tuple[Programs, ...]
    extensions: frozenset[str]
    withdrawn: Withdrawn
    hiding: tuple[Hiding, ...]
    hiding_processes: frozenset[str]
    hiding_extensions: dict[Severity, frozenset[str]]


@cache
def table() -> Exclusions:
    """The data, read when first asked for."""
    data = files("exward") / "content" / "hardening" / "antivirus-exclusions.yml"
    return msgspec.convert(yaml.safe_load(data.read_bytes()), Exclusions)
