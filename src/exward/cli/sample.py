"""The bundled sample intrusion."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from exward.model.errors import ContentError


def sample_path() -> str:
    """Folder of the sample; raises ContentError if it was not installed."""
    folder = Path(str(resources.files("exward").joinpath("content/sample")))
    if not folder.is_dir():
        raise ContentError("the bundled sample is missing", "install exward again", str(folder))
    return str(folder)
