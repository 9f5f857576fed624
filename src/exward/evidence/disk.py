"""Walks the files and folders that were given, in a fixed order, without following links."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exward.evidence.streams import system_path
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class DiskFile:
    """A regular file: the path people see, the path to open it by, size, time (µs UTC)."""

    path: str
    disk_path: str
    size_bytes: int
    modified: int


def walk_disk(paths: Sequence[str]) -> Iterator[DiskFile | Skipped]:
    """Yield every regular file of the given files and folders, folders in order of name.

    A link that was given itself is followed, no other. What lies in two given paths is read
    once. Raises EvidenceError before the first file if a given path does not exist.
    """
    targets = {given: _resolved(given) for given in paths}
    real = set(targets.values())
    done: set[str] = set()
    for given, target in targets.items():
        is_inside = any(str(parent) in real for parent in Path(target).parents)
        if target not in done and not is_inside:
            done.add(target)
            yield from _walk(given, target)


def _resolved(given: str) -> str:
    """The absolute path behind all links; raises EvidenceError if there is nothing."""
    try:
        return str(Path(given).resolve(strict=True))
    except PermissionError:
        return str(Path(given).absolute())
    except (OSError, ValueError, RuntimeError) as error:
        # RuntimeError: pathlib's error for a loop of links.
        raise EvidenceError(
            "there is no such file or folder", "check the path", where=given
        ) from error


def _walk(given: str, target: str) -> Iterator[DiskFile | Skipped]:
    """A depth-first walk with a stack of our own: folders may be nested deeper than calls."""
    stack = [iter([(given, target)])]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            continue
        shown, path = step
        try:
            info = os.lstat(system_path(path))
            if stat.S_ISDIR(info.st_mode) and not _is_link(info):
                stack.append(iter(_children(shown, path)))
                continue
        except OSError as error:
            yield Skipped(shown, None, f"cannot be opened: {error.strerror or error}")
            continue
        if _is_link(info):
            yield Skipped(shown, None, "symbolic link not followed")
        elif not stat.S_ISREG(info.st_mode):
            yield Skipped(shown, None, "not a regular file")
        else:
            yield DiskFile(shown, path, info.st_size, info.st_mtime_ns // 1000)


def _children(shown: str, path: str) -> list[tuple[str, str]]:
    """What lies in a folder, by name; raises OSError."""
    names = sorted(os.listdir(system_path(path)))  # noqa: PTH208 - names are wanted, not paths
    return [(os.path.join(shown, name), os.path.join(path, name)) for name in names]  # noqa: PTH118


def _is_link(info: os.stat_result) -> bool:
    """A symbolic link, or on Windows a junction, which counts as a folder."""
    tag = getattr(info, "st_reparse_tag", 0)
    # IO_REPARSE_TAG_MOUNT_POINT, IO_REPARSE_TAG_SYMLINK in winnt.h
    return stat.S_ISLNK(info.st_mode) or tag in (0xA0000003, 0xA000000C)
