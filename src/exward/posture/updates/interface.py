"""What a module in this folder must offer to be a form of update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Trust:
    """Why a bundle may be believed: the signer's public key (PEM), or the digest of the file.

    `sha256` is lower-case hexadecimal; either may be empty.
    """

    key: bytes = b""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Tables to write, by name, as JSON; `said` are the lines that tell the person what changed."""

    tables: dict[str, bytes]
    said: tuple[str, ...]


class UpdateForm(Protocol):
    """A module of this folder."""

    TITLE: str
    """Name for people."""

    def recognises(self, data: bytes) -> bool:
        """Say whether a file is of this form. Never raises."""

    def apply(self, data: bytes, tables: dict[str, bytes], trust: Trust, where: str) -> Changed:
        """Make new tables of the present ones; raises ContentError that says what is wrong."""
