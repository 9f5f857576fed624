"""What a module of this folder offers: `LAYOUTS`, one for each log that it writes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from exward.simulate.world import Host, moment


class Layout(NamedTuple):
    """How one log is written.

    `file` names the file below the server's folder for a row at a time (µs UTC); `header` is what
    the file begins with; `line` is a row as text with its line feed (host, time, data, number of
    the row in its log); `footer` what ends the file.
    """

    log: str
    file: Callable[[int], str]
    header: Callable[[int], str]
    line: Callable[[Host, int, Any, int], str]
    footer: str = ""


@cache
def layouts() -> dict[str, Layout]:
    """Every layout by the name of its log."""
    folder = str(Path(__file__).parent)
    found = {}
    for module in pkgutil.iter_modules([folder]):
        loaded = importlib.import_module(f"exward.simulate.layouts.{module.name}")
        for layout in getattr(loaded, "LAYOUTS", ()):
            found[layout.log] = layout
    return found


LOGGING = "C/Program Files/Microsoft/Exchange Server/V15/Logging"
TRANSPORT = "C/Program Files/Microsoft/Exchange Server/V15/TransportRoles/Logs"


def hourly(pattern: str) -> Callable[[int], str]:
    """A file for each hour: `{}` in the pattern becomes `YYYYMMDDHH`."""
    return lambda time: pattern.format(f"{moment(time):%Y%m%d%H}")


def daily(pattern: str, form: str = "%Y%m%d") -> Callable[[int], str]:
    """A file for each day."""
    return lambda time: pattern.format(format(moment(time), form))
