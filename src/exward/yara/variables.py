"""The external variables that public YARA rules expect of a scanner.

Names and meanings are those of THOR and LOKI, whose rules most public sets contain: `filename` is
the name alone, `filepath` its folder, `extension` begins with a dot and is lower case, `filetype`
is told by the first bytes (Neo23x0/signature-base, `misc/file-type-signatures.txt`). Who owns a
file and what its MD5 is are not known here: both stay empty, so that rules about them compile and
do not match.
"""

from __future__ import annotations

import re

NAMES = ("filename", "filepath", "extension", "filetype", "owner", "md5")
UNKNOWN_TYPE = "UNKNOWN"
MAX_CHARS = 4_096
_TYPES = (
    (b"MZ", "EXE"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b\x08", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Zip"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF", "GIF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"{\\rtf1", "RTF"),
    (b"<?php", "PHP"),
    (b"<?xm", "XML"),
    (b"<?XM", "XML"),
    (b"MSCF", "CAB"),
)


def values_of(path: str, data: bytes) -> dict[str, str]:
    """The variables of one file; folders are separated by backslashes, as rules write them."""
    name = re.split(r"[/\\!]", path)[-1]
    folder = path[: len(path) - len(name)].rstrip("/\\!")
    stem, dot, ending = name.rpartition(".")
    values = {
        "filename": name,
        "filepath": re.sub(r"[/\\!]+", r"\\", folder),
        "extension": f".{ending.lower()}" if dot and stem else "",
        "filetype": next((kind for mark, kind in _TYPES if data.startswith(mark)), UNKNOWN_TYPE),
        "owner": "",
        "md5": "",
    }
    # Names that are no text hold lone surrogates, which the engine refuses.
    return {
        key: value[-MAX_CHARS:].encode("utf-8", "replace").decode("utf-8")
        for key, value in values.items()
    }
