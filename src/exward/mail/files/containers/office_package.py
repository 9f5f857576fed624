"""Office packages and Java archives: zip files of which only what says what they do is read."""

from __future__ import annotations

from exward.mail.files.containers.interface import Limits, Opened
from exward.mail.files.containers.zip_archive import read_zip

KINDS = frozenset({"ooxml", "odf", "java"})


def open_container(data: bytes, limits: Limits) -> Opened:
    """As in `Container`: the members are texts of the document, no files of their own."""
    opened = read_zip(data, limits, _tells)
    opened.texts = dict(opened.files)
    opened.files = []
    return opened


def _tells(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(("vbaproject.bin", ".rels")) or "oleobject" in lowered
