"""Writing results: whole or not at all, and never over what cannot be written."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from exward.model.errors import UsageError
from exward.model.result import ScanResult
from exward.reports import registry, table

STDOUT = "-"


def check_target(path: str, flag: str) -> None:
    """Raise UsageError, before any work, if the file could not be written."""
    if path == STDOUT:
        return
    target = Path(path)
    if target.is_dir():
        raise UsageError("is a folder", f"give {flag} a file", path)
    folder = target.parent
    if not folder.is_dir():
        raise UsageError("the folder does not exist", f"check {flag}", path)
    if not os.access(folder, os.W_OK):
        raise UsageError("the folder may not be written to", f"check {flag}", path)


def write_result(result: ScanResult, form: str, target: str, report: str | None, color: bool) -> None:
    """Write the result in a format, and the HTML report if one is wanted."""
    if report is not None:
        write_pieces(registry.by_name("html").render(result), report)
    if form == "table" and target == STDOUT:
        console = Console(no_color=not color, highlight=False)
        table.print_summary(result, console, report=report or "")
        return
    write_pieces(registry.by_name(form).render(result), target)


def write_pieces(pieces: Iterable[str], target: str) -> None:
    """Write text as UTF-8; a file appears only when it is complete."""
    if target == STDOUT:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    if path.exists() and not path.is_file():  # a device or a pipe
        with path.open("wb") as stream:
            stream.writelines(piece.encode("utf-8", "replace") for piece in pieces)
        return
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".exward-", delete=False) as file:
            file.writelines(piece.encode("utf-8", "replace") for piece in pieces)
        os.chmod(file.name, 0o666 & ~_umask())
        Path(file.name).replace(path)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", "", target) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
