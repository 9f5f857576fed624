"""Words to the person at the terminal: results on standard output, all else on standard error.

A reader that goes away (`| head`) ends the output, not the run: its exit code still holds.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from exward.model.errors import ExwardError
from exward.reports.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 100
"""Columns where there is no terminal to ask."""

_GONE = {errno.EPIPE, errno.EINVAL}
"""What a closed pipe gives; EINVAL on Windows."""


def show(*lines: str) -> None:
    """Print lines of results; what would act on a terminal is written as its escape."""
    send(f"{visible(line, lines=True)}\n" for line in lines)


def note(line: str) -> None:
    """Print one line for the person, on standard error."""
    _write(sys.stderr, (f"exward: {visible(line)}\n",))


def complain(what: str, hint: str = "", where: str = "") -> None:
    """Print an error: where, what, and in a second line the next step."""
    place = f"{visible(where)}: " if where else ""
    advice = f"  → {visible(hint)}\n" if hint else ""
    _write(sys.stderr, (f"exward: {place}{visible(what, lines=True)}\n{advice}",))


def send(chunks: Iterable[str]) -> None:
    """Write text to standard output as it is: UTF-8, no translation of line ends.

    Raises ExwardError if standard output cannot be written for another reason than that nobody
    reads it any more.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        sys.stdout.flush()
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    _write(sys.stdout, chunks)


def draw(text: str) -> None:
    """Write text that was made for the terminal that standard output is, in its own encoding."""
    _write(sys.stdout, (text,))


def console(stream: TextIO, *, color: bool) -> Console:
    """A console on a stream; `color` False draws without colours."""
    from rich.console import Console  # half of the start-up time of `exward --version`

    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, no_color=None if color else True)


def end() -> None:
    """Flush both streams, so that the interpreter has nothing left to fail on."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, ())


def _write(stream: TextIO, chunks: Iterable[str]) -> None:
    try:
        for chunk in chunks:
            _put(stream, chunk)
        stream.flush()
    except OSError as error:
        _detach(stream)
        if error.errno not in _GONE and stream is sys.stdout:
            what = f"cannot be written: {error.strerror}"
            raise ExwardError(what, "", "standard output") from error


def _put(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:  # a code page that lacks a sign, e.g. of a Windows pipe
        encoding = stream.encoding
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _detach(stream: TextIO) -> None:
    """Let all further output of this stream go nowhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, stream.fileno())
    finally:
        os.close(sink)
