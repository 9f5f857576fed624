"""The user's rules for files, as the mail checks ask them; what answers is the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from exward.mail.files.explode import File
from exward.mail.mime.message import Message
from exward.model.severity import Severity

MAX_PIECES = 300
MAX_TOTAL_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that a piece of a message fits; the texts are the rule author's."""

    rule: str
    title: str
    severity: Severity


class RulesTooSlowError(Exception):
    """The rules took too long on a piece; none of their answers is known."""


class FileRules(Protocol):
    """Rules that files are held against."""

    def match(self, name: str, data: bytes) -> list[RuleMatch]:
        """The rules that a piece of that name fits; raises RulesTooSlowError."""


def pieces(message: Message, files: tuple[File, ...]) -> Iterator[tuple[str, bytes]]:
    """Name and content of all that rules are held against, each content once, bounded in all.

    The message as it came, its texts decoded, every attached file and all that is packed in them.
    """
    seen: set[bytes] = set()
    left = MAX_TOTAL_BYTES
    for name, data in _all(message, files):
        left -= len(data)
        if left < 0 or len(seen) >= MAX_PIECES:
            return
        if data and data not in seen:
            seen.add(data)
            yield name, data


def _all(message: Message, files: tuple[File, ...]) -> Iterator[tuple[str, bytes]]:
    yield "message.eml", message.raw
    for part in message.parts:
        if part.media_type.startswith("text/"):
            ending = "html" if part.media_type == "text/html" else "txt"
            for content in part.contents:
                yield f"{part.path}!text.{ending}", content
    for file in files:
        yield f"{file.path}!{file.name}" if file.name else file.path, file.data
