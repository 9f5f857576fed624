"""The version of ExSetup.exe as the console shows it: `GCM exsetup | % {$_.FileVersionInfo}`.

Microsoft: https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats import text_encoding
from exward.formats.whole_file import name_of, utf8_of
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "setup-version-text"
TITLE = "Version of ExSetup.exe as text"
# A row of the table (product version, file version, file name), or the lines of Format-List.
_ROW = re.compile(
    rb"^[ \t]*[\d.]{7,20}[ \t]+([\d.]{7,20})[ \t]+\S[^\r\n]{0,300}ExSetup\.exe", re.I | re.M
)
_LIST = re.compile(rb"^FileVersion[ \t]*:[ \t]*([\d.]{7,20})[ \t]*\r?$", re.I | re.M)
_COMPUTER = re.compile(rb"^PSComputerName[ \t]*:[ \t]*([\w.-]{1,255})[ \t]*\r?$", re.I | re.M)


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is a short text that names ExSetup.exe and a version."""
    if not name_of(path).lower().endswith((".txt", ".log")):
        return False
    text = text_encoding.utf8_head(head)
    if b"exsetup.exe" not in text.lower():
        return False
    return _ROW.search(text) is not None or _LIST.search(text) is not None


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the builds in the order of the file."""
    text = utf8_of(source)
    computers = [match[1].decode() for match in _COMPUTER.finditer(text)]
    matches = [*_ROW.finditer(text), *_LIST.finditer(text)]
    servers = computers if len(computers) == len(matches) else [""] * len(matches)
    for match, server in zip(matches, servers, strict=True):
        line = text.count(b"\n", 0, match.start()) + 1
        said = objects.reading(
            match[1].decode(), Precision.EXACT, "version of ExSetup.exe", source.path, line
        )
        if said is not None:
            yield Told(server, source.path, build=said)
