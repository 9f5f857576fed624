"""A list of stock files of our own: what Microsoft ships cannot be part of the tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exward.webshells.belonging import baseline as module

BUILDS = ("15.1.2176.9", "15.1.2242.4", "15.2.792.10", "15.2.858.2", "15.2.858.5")
AUTH = "frontend/httpproxy/owa/auth"
LOGON, ERROR, SIGNOUT = (f"{AUTH}/{name}.aspx" for name in ("logon", "errorfe", "signout"))
SCRIPT = f"{AUTH}/{{build}}/scripts/premium/flogon.js"
ADMIN = "clientaccess/ecp/default.aspx"
OLD = "clientaccess/owa/old.aspx"


def page(name: str, version: int = 0) -> bytes:
    """What our own page of that name looks like in one of its versions."""
    return f'<%@ Page Language="C#" %><html>{name} {version}</html>'.encode()


def digest(data: bytes) -> str:
    """SHA-256 as the list writes it."""
    return hashlib.sha256(data).hexdigest()


FILES = {
    LOGON: ((page("logon"), 0, 4),),
    ERROR: ((page("error"), 0, 2), (page("error", 1), 3, 4)),
    SIGNOUT: ((page("signout"), 0, 4),),
    SCRIPT: ((b"function flogon() {}", 0, 4),),
    ADMIN: ((page("admin"), 0, 3), (page("admin", 1), 4, 4)),
    OLD: ((page("old"), 0, 1),),
}


@contextmanager
def own_list(folder: Path) -> Iterator[None]:
    """The list of these files in place of Exchange's, while the context lasts."""
    listed = {
        path: [(digest(data), first, last) for data, first, last in versions]
        for path, versions in FILES.items()
    }
    path = folder / "list.json"
    path.write_text(json.dumps({"source": "a test", "builds": BUILDS, "files": listed}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LIST", path)
        module.baseline.cache_clear()
        yield
    module.baseline.cache_clear()


def install(root: Path) -> Path:
    """Write an installation of the last build below `root`, and return its folder."""
    home = root / "C" / "Exchange Server" / "V15"
    for path, versions in FILES.items():
        if path != OLD:
            write(home / path.replace("{build}", "15.2.858"), versions[-1][0])
    return home


def write(path: Path, data: bytes) -> None:
    """Write a file and the folders around it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
