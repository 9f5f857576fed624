"""Whether what was read is what the collector wrote, by its manifest (docs/collector.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers.collected_manifest import AREA
from exward.posture.readers.interface import Told
from exward.posture.row import rows

_PIECE_BYTES = 1024 * 1024
_NAME = "manifest.json"


def differences(told: Sequence[Told], read: Mapping[str, Source]) -> Iterator[Skipped]:
    """Yield every file that was read and has another SHA-256 than its manifest says.

    `read` are the inventories by path with forward slashes; logs are not looked at here.
    """
    for one in told:
        if one.area != AREA or not one.source.endswith(_NAME):
            continue
        folder = one.source.removesuffix(_NAME).replace("\\", "/")
        for manifest in rows(one.value):
            for entry in manifest.rows("files") or ():
                source = read.get(folder + (entry.text("path") or ""))
                digest = (entry.text("sha256") or "").lower()
                if source is not None and _digest(source) != digest:
                    reason = "is not as it was collected: its SHA-256 is not the manifest's"
                    yield Skipped(source.path, None, reason)


def _digest(source: Source) -> str:
    digest = hashlib.sha256()
    try:
        with source.open() as stream:
            while piece := stream.read(_PIECE_BYTES):
                digest.update(piece)
    except (OSError, EvidenceError):
        return ""
    return digest.hexdigest()
