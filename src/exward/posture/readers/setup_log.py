"""ExchangeSetup.log: which cumulative update was installed; security updates do not write it.

Layout: `[date time] [level] text`; a run names `Setup version: 15.2.1748.10.` and, if it ended
well, says that the operation was completed (Microsoft:
https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/verify-installation).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats import text_encoding
from exward.formats.json_objects import numbered_lines
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.inventory import BuildReading
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "setup-log"
TITLE = "ExchangeSetup.log"
_BEGINNING = re.compile(rb"^\[\d\d/\d\d/\d{4} [\d:.]{8,16}\] \[\d\] ", re.M)
_VERSION = re.compile(rb"^\[[^\]]{10,30}\] \[\d\] Setup version: (\d[\d.]{6,20}?)\.?\s*$")
_DONE = b"Exchange Server setup operation completed successfully"
_SERVER = re.compile(
    rb"Command Line Parameter Name='(?:targetserver|servername)', Value='([\w.-]+)'", re.I
)


def recognises(path: str, head: bytes) -> bool:
    """Say whether it begins with set-up's lines and names Exchange's set-up."""
    del path
    text = text_encoding.utf8_head(head)
    return _BEGINNING.search(text[:4096]) is not None and b"Setup version: " in text


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the version of the last run that ended well."""
    running: BuildReading | None = None
    installed: BuildReading | None = None
    server = ""
    with source.open() as stream:
        for number, line in numbered_lines(text_encoding.utf8_blocks(stream, source.head)):
            if line is None:
                yield Skipped(source.path, number, "line longer than 16 MiB", 1)
            elif (version := _VERSION.match(line)) is not None:
                running = objects.reading(
                    version[1].decode(), Precision.CU_ONLY, "set-up log", source.path, number
                )
            elif _DONE in line:
                installed = running or installed
            elif (named := _SERVER.search(line)) is not None:
                server = named[1].decode()
    if installed is not None:
        yield Told(server, source.path, build=installed)
