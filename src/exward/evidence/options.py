"""How far evidence is followed: the password, and the bounds on hostile archives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024
GIB = 1024 * MIB
TIB = 1024 * GIB


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceOptions:
    """What the reading of evidence may cost. Sizes are bytes after decompression.

    `spool_dir` is a private folder of the caller's (`spool.spool_folder()` makes one): members
    of archives that can only be read from front to back are kept there until it is removed. It
    need not exist before anything has to be kept.
    """

    spool_dir: Path
    password: str | None = field(default=None, repr=False)
    """Tried on every encrypted archive."""
    max_depth: int = 5
    """Containers inside containers; `a.tar.gz` is two (gzip, tar)."""
    max_members: int = 2_000_000
    """Members of all archives together."""
    max_member_bytes: int = 256 * GIB
    max_total_bytes: int = TIB
    """All that is decompressed while looking for evidence, and all that a zip promises."""
    max_ratio: int = 500
    """Decompressed by compressed size, once `ratio_floor_bytes` are exceeded. Text logs reach
    30 to 100; deflated zeros 1030 (the format's limit)."""
    ratio_floor_bytes: int = 256 * MIB
    min_free_disk_bytes: int = GIB
    """What spooling leaves free on the disk of `spool_dir`."""

    def cap(self, packed_bytes: int) -> int:
        """Return how many bytes `packed_bytes` of compressed data may become."""
        by_ratio = max(self.ratio_floor_bytes, packed_bytes * self.max_ratio)
        return min(self.max_member_bytes, by_ratio)
