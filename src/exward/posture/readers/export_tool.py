"""The manifest of Exchange's eDiscovery export tool, which names the server's whole build.

It lies at `/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application`; the
version of its assemblyIdentity (ClickOnce, learn.microsoft.com/visualstudio/deployment/
assemblyidentity-element-clickonce-application) is that of the files that were installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats import text_encoding
from exward.formats.whole_file import utf8_of
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "export-tool"
TITLE = "Manifest of the eDiscovery export tool"
MAX_READ = 1024 * 1024
_IDENTITY = re.compile(rb"<(?:\w{1,10}:)?assemblyIdentity\s([^<>]{1,2000})>", re.IGNORECASE)
_TOOL = b"microsoft.exchange.ediscovery.exporttool"
_VERSION = re.compile(rb"(?<![\w.-])version=[\"'](\d[\d.]{4,20})[\"']", re.IGNORECASE)


def recognises(path: str, head: bytes) -> bool:
    """Say whether the manifest is in it."""
    del path
    text = text_encoding.utf8_head(head).lower()
    return _TOOL in text and any(_TOOL in match[1] for match in _IDENTITY.finditer(text))


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the version of the tool itself, not of what it depends on."""
    text = utf8_of(source)[:MAX_READ]
    for match in _IDENTITY.finditer(text):
        version = _VERSION.search(match[1])
        if _TOOL not in match[1].lower() or version is None:
            continue
        line = text.count(b"\n", 0, match.start()) + 1
        said = objects.reading(
            version[1].decode(), Precision.EXACT, "manifest of the export tool", source.path, line
        )
        if said is not None:
            yield Told("", source.path, build=said)
            return
