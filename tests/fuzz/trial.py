"""One input given to the analysis: it must end, in time and memory, with a sound answer."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from exward.reports.contract import to_object
from exward.reports.json_text import dumps
from exward.webshells import page
from exward.webshells.analyse import read
from tests.fuzz.inputs import Input

LIMIT_S = 20
"""Core seconds for one input; none may need so much."""
MAX_ROUNDS = 400
LINE_ENDINGS = (b"\n", b"\r", b"\x15", b"\x25")
"""The last two are those of EBCDIC."""
ENCODED = b"#@~^"
"""What Script Encoder wrote has more lines when it is read than the file has."""


class TooLong(Exception):
    """An input took more than LIMIT_S core seconds."""


class Result(NamedTuple):
    """What an input came to: core seconds, and the failure in one line, "" if there is none."""

    seconds: float
    is_found: bool
    is_whole: bool
    failure: str


def tried(given: Input) -> Result:
    """Judge one input and look at the answer."""
    started = time.process_time()
    failure, answer = "", (False, True)
    try:
        with _limited():
            answer = check(given)
    except Exception as error:  # noqa: BLE001 - whatever it raises is what is looked for
        failure = _named(error)
    return Result(time.process_time() - started, *answer, failure)


def check(given: Input) -> tuple[bool, bool]:
    """Judge it as a scan does: whether it is a finding, and whether all of it was read.

    Raises what the analysis raises, or AssertionError for an answer that cannot be.
    """
    finding, is_whole = page.judge(given.path, given.data)
    if finding is not None:
        dumps(to_object(finding))
        lines = sum(given.data.count(ending) for ending in LINE_ENDINGS) + 1
        is_encoded = ENCODED in given.data
        assert is_encoded or all(1 <= line <= lines for line in finding.lines), "no such line"
        assert finding.capabilities, "a finding without a capability"
        assert len(finding.why) < 5_000, f"why of {len(finding.why)} characters"
    extension = page.extension_of(given.path)
    if extension in {"jpg", "txt", "inc", "pst", "css"}:  # read directly, under its own name
        read(given.data, extension)
    return finding is not None, is_whole


def smallest(given: Input, failure: str) -> Input:
    """Remove pieces of an input as long as it fails in the same way."""
    data, rounds = given.data, 0
    size = max(1, len(data) // 2)
    while size and rounds < MAX_ROUNDS:
        start, was_cut = 0, False
        while start < len(data) and rounds < MAX_ROUNDS:
            rounds += 1
            shorter = data[:start] + data[start + size :]
            if tried(given._replace(data=shorter)).failure == failure:
                data, was_cut = shorter, True
            else:
                start += size
        size = size if was_cut else size // 2
    return given._replace(data=data)


def _named(error: Exception) -> str:
    """The kind of an error and where it was raised: the same for the same defect."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "exward" in one.filename]
    if not frames or isinstance(error, TooLong):
        return f"{type(error).__name__}: {error}"[:200]
    place = frames[-1]
    if isinstance(error, RecursionError):  # it ends anywhere on the way round
        return f"RecursionError through {Counter(map(_called, frames)).most_common(1)[0][0]}"
    name = _called(place)
    text = str(error)[:80].replace("\n", " ")
    return f"{type(error).__name__} in {name}, line {place.lineno}: {text}"


def _called(place: traceback.FrameSummary) -> str:
    return f"{place.filename.replace(os.sep, '/').rpartition('/')[2]} {place.name}"


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TooLong after LIMIT_S core seconds, where the system can tell them."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: object) -> None:
    raise TooLong(f"more than {LIMIT_S} core seconds")
