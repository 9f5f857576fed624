"""What a module in this folder must offer to be an output.

A new output is one new module here; `registry.py` finds it. `mypy` and a conformance test hold
each module against this protocol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.result import ScanResult


class Renderer(Protocol):
    """A module of this folder."""

    NAME: str
    """Stable name, lower case, as in `--format NAME`: `jsonl`, `ocsf`."""
    TITLE: str
    """Name for people: `OCSF Detection Findings, one JSON object per line`."""
    EXTENSION: str
    """What files of this kind end in, without the dot: `jsonl`."""

    def render(self, result: ScanResult) -> Iterator[str]:
        """Yield the output in pieces that are written one after the other as UTF-8.

        The pieces hold no lone surrogate and are the same for the same result. Line ends are
        part of the text: whoever writes them must not translate line feeds.
        """
