"""Files and parts that stand where the usual reading sees only text."""

from __future__ import annotations

import re

from exward.mail.mime.encodings import base64_readings, uuencoded, yencoded

# The base64 of how files begin that do harm: MZ, ZIP, PDF, OLE, RAR, 7z, and HTML.
_BASE64_FILE = re.compile(
    rb"^(?:TVqQ|TVpQ|TVoA|UEsDBB|JVBERi0|0M8R4KGxGuE|UmFyIRoH|N3q8ryc|PGh0bWw|PCFET0NU|PHNjcmlwd)"
    rb"[A-Za-z0-9+/]{16,}[^\S\n]*\r?\n(?:[A-Za-z0-9+/]{4,}[^\S\n]*\r?\n){1,}[A-Za-z0-9+/]*={0,2}",
    re.MULTILINE,
)
_PART_START = re.compile(
    rb"^--([^\r\n]{0,250}?)[ \t]*\r?\n"
    rb"(?:[!-9;-~]{1,70}[ \t]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,10}?"
    rb"Content-(?:Type|Transfer-Encoding|Disposition)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
MAX_CARVED = 50


def boundaries_in(text: bytes) -> list[bytes]:
    """Boundaries that delimit parts with MIME headers in a text, announced or not."""
    if b"ontent-" not in text and b"CONTENT-" not in text:
        return []
    found = dict.fromkeys(match[1] for match in _PART_START.finditer(text))
    return list(found)[:MAX_CARVED]


def files_in(text: bytes) -> list[tuple[str, bytes, str]]:
    """Encoded files in a text: name, content and the code of the ambiguity."""
    found = [(name, content, "uuencoded") for name, content in uuencoded(text)]
    found += [(name, content, "yencoded") for name, content in yencoded(text)]
    found.extend(
        ("", base64_readings(match[0])[0], "base64-unannounced")
        for match in list(_BASE64_FILE.finditer(text))[:MAX_CARVED]
    )
    return found[:MAX_CARVED]
