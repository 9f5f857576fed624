"""Answers of a web server that were saved (`curl -i`, a browser's page): versions of Exchange.

`X-OWA-Version` has four numbers, paths such as `/owa/auth/15.2.1118/` often only three.
`X-FEServer` names the server that answered.
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

NAME = "http-response"
TITLE = "Saved answer of a web server"
_STATUS = re.compile(rb"^HTTP/\d(?:\.\d)? \d{3}", re.M)
_HEADER = re.compile(rb"^X-OWA-Version:[ \t]*(\d[\d.]{4,20})", re.I | re.M)
_SERVER = re.compile(rb"^X-FEServer:[ \t]*([\w.-]{1,255})", re.I | re.M)
_PATH = re.compile(rb"/(?:owa|ecp)/(?:auth/|prem/)?(\d{2}\.\d{1,2}\.\d{1,5}(?:\.\d{1,5})?)/", re.I)
MAX_READ = 1024 * 1024


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is an answer, or a page of OWA, that tells a version."""
    del path
    text = text_encoding.utf8_head(head)
    if b"x-owa-version" in text.lower() and _HEADER.search(text) is not None:
        return True
    is_page = text.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
    is_answer = _STATUS.match(text) is not None
    return (is_page or is_answer) and _PATH.search(text) is not None


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the version of each header, else the first one in a path."""
    text = utf8_of(source)[:MAX_READ]
    named = _SERVER.search(text)
    server = "" if named is None else named[1].decode()
    headers = [(match, "X-OWA-Version") for match in _HEADER.finditer(text)]
    paths = [(match, "path of a page") for match in [_PATH.search(text)] if match is not None]
    for match, told_by in headers[:1] or paths:
        line = text.count(b"\n", 0, match.start()) + 1
        value = match[1].decode()
        said = objects.reading(value, Precision.EXACT, told_by, source.path, line)
        if said is not None:
            yield Told(server, source.path, build=said)
