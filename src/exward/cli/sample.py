"""Folders that come with exward: an intrusion, inventories of two servers, signals of defences."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from exward.model.errors import ContentError


def sample_path() -> str:
    """Folder of the sample intrusion; raises ContentError if it was not installed."""
    return _folder("content/sample")


def inventory_path() -> str:
    """Folder of the sample inventories; raises ContentError if it was not installed."""
    return _folder("content/inventory")


def defences_path() -> str:
    """Folder of the rules for signs that a defence works; raises ContentError if missing."""
    return _folder("content/defences")


def _folder(name: str) -> str:
    folder = Path(str(resources.files("exward").joinpath(name)))
    if not folder.is_dir():
        raise ContentError("the bundled sample is missing", "install exward again", str(folder))
    return str(folder)
