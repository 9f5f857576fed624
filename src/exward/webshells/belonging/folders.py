"""What is known of the folders of a web server, as data (`content/stock/web-folders.yml`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
import yaml


class Anonymous(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that is served to anybody, the URL of it, and who says so."""

    folder: str
    url: str
    source: str


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of files or folders, and where they are listed."""

    names: frozenset[str]
    source: str


class Folders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    anonymous: tuple[Anonymous, ...]
    back_end: Names
    logon: Names
    campaign: Names


@cache
def folders() -> Folders:
    """The data, read when first asked for."""
    data = files("exward") / "content" / "stock" / "web-folders.yml"
    return msgspec.convert(yaml.safe_load(data.read_bytes()), Folders)
