"""How values from evidence get into commands and pages without acting there.

Attackers choose file names, account names and the words of a log line. In PowerShell a value is
what `model/powershell.py` makes of it, in Markdown a code span.
"""

from __future__ import annotations

import re
import textwrap
from typing import NewType

from exward.model.powershell import literal
from exward.reports.visible import cut, visible

Command = NewType("Command", str)
"""One line of PowerShell, ASCII, in which values from evidence are quoted: made by `command`."""

MAX_NAME = 256
MAX_PATH = 900
"""Longer values are no names or paths, or were cut on their way."""
MAX_TEXT = 400
WIDTH = 96

_NO_NAME = re.compile(r"[*?\[\]\x00-\x1f\x7f]")
_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\[^\\/]+\\)[^*?\"<>|\x00-\x1f]+")
_LINE = re.compile(r"[ -~]+")
_TICKS = re.compile(r"`+")


def literals(values: tuple[str, ...]) -> str:
    """The values as arguments of a parameter that takes several."""
    return ", ".join(map(literal, values))


def command(template: str, *values: str | tuple[str, ...]) -> Command:
    """Fill the values, quoted, into the places `{}` of a line of PowerShell of our own."""
    head, *rest = template.split("{}")
    line = head
    for value, tail in zip(values, rest, strict=True):
        line += (literal(value) if isinstance(value, str) else literals(value)) + tail
    return Command(line)


def is_line(text: str) -> bool:
    """Whether a text of a check may stand as one line of PowerShell: printable ASCII."""
    return _LINE.fullmatch(text) is not None


def is_name(value: str) -> bool:
    """Whether a value can name one thing: of bounded length, no wildcard, nothing unprintable.

    Many cmdlets take a pattern for a name: a task named `*` must not become all tasks.
    """
    return bool(value.strip()) and len(value) <= MAX_NAME and not _NO_NAME.search(value)


def is_path(value: str) -> bool:
    """Whether a value is a whole Windows path, of bounded length and without wildcards."""
    return len(value) <= MAX_PATH and _PATH.fullmatch(value) is not None


def comment(label: str, text: str) -> list[str]:
    """Lines of a PowerShell comment: ASCII, wrapped; the label keeps the text from the margin.

    At the margin `#Requires` and `# SIG #` would mean something to PowerShell.
    """
    plain = cut(visible(text), MAX_TEXT).encode("ascii", "backslashreplace").decode()
    first, indent = f"# {label:<10}", f"#{'':<11}"
    return textwrap.wrap(
        plain,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,  # a path on two lines cannot be copied
    ) or [first.rstrip()]


def span(text: str) -> str:
    """A Markdown code span (CommonMark 6.1): no markup, no HTML, no link in it."""
    shown = cut(visible(text), MAX_TEXT)
    if not shown.strip():
        return "(empty)"
    longest = max(map(len, _TICKS.findall(shown)), default=0)
    pad = " " if shown[0] in " `" or shown[-1] in " `" else ""
    ticks = "`" * (longest + 1)
    return f"{ticks}{pad}{shown}{pad}{ticks}"
