"""Attachments and everything inside of them, with bounds on depth, number and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from exward.mail.files.containers.interface import MAX_FILE_BYTES, Limits, Opened
from exward.mail.files.containers.registry import containers
from exward.mail.files.kinds import extension, file_kind

MAX_DEPTH = 6
MAX_FILES = 2000
MAX_TOTAL_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message: `path` leads to it (`2!a.zip!b.exe`)."""

    path: str
    names: tuple[str, ...]
    kind: str
    data: bytes = field(repr=False)
    size_bytes: int
    depth: int = 0
    is_encrypted: bool = False
    """It, or something in it, needs a password."""
    is_unread: bool = False
    """Damaged, too large or of a method that cannot be read."""
    members: tuple[str, ...] = ()
    texts: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Members of an Office package that say what it does."""
    password: str = ""
    """The password that opened it."""

    @property
    def name(self) -> str:
        """The usual reading of its name."""
        return self.names[0] if self.names else ""


@dataclass(slots=True)
class Budget:
    """What all attachments of one message may still cost together, and what may open them."""

    files: int = MAX_FILES
    total: int = MAX_TOTAL_BYTES
    passwords: tuple[str, ...] = ()


def explode(
    path: str, names: tuple[str, ...], data: bytes, budget: Budget, depth: int = 0
) -> Iterator[File]:
    """Yield a file and all that is packed in it, the outer one first."""
    budget.files -= 1
    budget.total -= len(data)
    kind = file_kind(data)
    if budget.files < 0 or budget.total < 0 or depth > MAX_DEPTH:
        yield File(path, names, kind, b"", len(data), depth, is_unread=True)
        return
    container = containers().get(kind)
    opened = Opened()
    if container is not None:
        limits = Limits(max(0, budget.files), max(0, budget.total), budget.passwords)
        opened = container.open_container(data, limits)
        opened.is_unread |= _is_cut(opened, limits)
        budget.total -= sum(map(len, opened.texts.values()))
    yield File(
        path, names, kind, data, len(data), depth, opened.is_encrypted, opened.is_unread,
        tuple(opened.members), opened.texts, opened.password,
    )  # fmt: skip
    for name, content in opened.files:
        inner = name or _stem(names)
        where = f"{path}!{name}"
        yield from explode(where, (inner,) if inner else (), content, budget, depth + 1)


def _is_cut(opened: Opened, limits: Limits) -> bool:
    """Whether members may be cut off or left out because there is too much of them."""
    sizes = [len(content) for _, content in opened.files]
    is_large = max(sizes, default=0) >= MAX_FILE_BYTES or sum(sizes) >= limits.total_bytes
    return is_large or len(opened.members) >= limits.files


def _stem(names: tuple[str, ...]) -> str:
    """The name of what a compressed file holds: its own without the last ending."""
    return names[0].rpartition(".")[0] if names and extension(names[0]) else ""
