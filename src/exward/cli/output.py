"""Writes results where the flags say: standard output, or files that appear only when complete."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from exward.cli.options import STDOUT, OutputFlags
from exward.cli.terminal import complain, console, draw, note, send
from exward.model.errors import ExwardError, UsageError
from exward.model.result import ScanResult
from exward.reports import registry, table

MAX_UNUSABLE = 3

REPORT_FORMAT = "html"


def check_targets(flags: OutputFlags, inputs: Sequence[str], plan: str = "") -> None:
    """Refuse, before any work is done, a place that cannot be written or that is an input."""
    targets = [*_files(flags), *([("--plan", plan)] if plan else [])]
    for flag, name in targets:
        _check(Path(name), flag)
        if any(_is_same(Path(name), Path(given)) for given in inputs):
            raise UsageError("would overwrite the evidence", "name another file", f"{flag} {name}")
    taken: dict[Path, str] = {}
    for flag, name in targets:
        other = taken.setdefault(Path(name).resolve(), flag)
        if other != flag:
            raise UsageError(f"is the same file as {other}", "name another file", f"{flag} {name}")


def write_result(result: ScanResult, flags: OutputFlags) -> None:
    """Write the report, then the results; one that fails does not keep the other from its place.

    Raises ExwardError for the first that could not be written.
    """
    errors: list[ExwardError] = []
    if flags.report:
        _try_file(result, REPORT_FORMAT, flags.report, errors)
    if flags.output != STDOUT:
        _try_file(result, flags.format, flags.output, errors)
    elif flags.format == table.NAME:
        screen = console(sys.stdout, color=not flags.no_color)
        with screen.capture() as held:
            table.print_summary(result, screen, report="" if errors else flags.report)
        draw(held.get())
    else:
        send(registry.by_name(flags.format).render(result))
    if not flags.quiet:
        _note_result(result, flags, errors)
    if errors:
        raise errors[0]


def _files(flags: OutputFlags) -> list[tuple[str, str]]:
    output = [] if flags.output == STDOUT else [("--output", flags.output)]
    return [*output, *([("--report", flags.report)] if flags.report else [])]


def _check(path: Path, flag: str) -> None:
    where = f"{flag} {path}"
    folder = path.resolve().parent
    if path.is_dir():
        raise UsageError("is a folder", "name a file in it", where)
    if not folder.is_dir():
        raise UsageError("there is no such folder to write into", f"create {folder}", where)
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise UsageError("may not be written", "choose a place where you may write", where)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _try_file(result: ScanResult, form: str, name: str, errors: list[ExwardError]) -> None:
    try:
        write_text(Path(name), registry.by_name(form).render(result))
    except ExwardError as error:
        errors.append(error)


def write_text(path: Path, chunks: Iterable[str]) -> None:
    """Write a file that appears only when complete; raises ExwardError if it cannot be written."""
    try:
        write_file(path, chunks)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExwardError(
            f"cannot be written: {reason}", "free space or rights?", str(path)
        ) from error


def write_file(path: Path, chunks: Iterable[str]) -> None:
    """Write beside the target and rename: a reader sees the old file or the whole new one."""
    target = path.resolve()  # through a link, to what it names
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        _fill(target, chunks, "w")  # a device or pipe is written to, not replaced
        return
    part = target.with_name(f".exward-{secrets.token_hex(8)}.part")
    try:
        _fill(part, chunks, "x")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fill(path: Path, chunks: Iterable[str], mode: str) -> None:
    with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.writelines(chunks)
        file.flush()
        if mode == "x":
            os.fsync(file.fileno())


def _note_result(result: ScanResult, flags: OutputFlags, errors: Sequence[ExwardError]) -> None:
    """Say on standard error what the results on standard output do not say themselves."""
    for error in errors[1:]:
        complain(error.what, error.hint, error.where)
    if result.run.records == 0:
        note("no record was read: this is not a clean result")
    if result.run.rules_unusable:
        note(f"{result.run.rules_unusable:,} rules cannot be used: see `exward rules check`")
        for row in [row for row in result.rules if not row.usable][:MAX_UNUSABLE]:
            note(f"cannot be used: {row.path}: {row.reason}")
    if flags.output != STDOUT or flags.format != table.NAME:
        for verdict in result.verdicts:
            note(f"{verdict.server}: {verdict.verdict}: {verdict.because}")
        if result.skipped:
            note(f"{len(result.skipped):,} pieces of evidence could not be read: see the results")
    failed = {error.where for error in errors}
    for _, name in _files(flags):
        if name not in failed:
            note(f"written: {name}")
