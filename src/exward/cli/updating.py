"""Newer facts from a file or an address: fetched, proved, checked, and only then put in place."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.fetching import fetch
from exward.cli.terminal import show
from exward.model.errors import ContentError, UsageError
from exward.posture.facts import TABLES, default_dir, newest_bytes
from exward.posture.updates.interface import Trust
from exward.posture.updates.registry import form_of, forms

MAX_BYTES = 64 * 1024 * 1024
MAX_KEY_BYTES = 16 * 1024


def run_update(values: Mapping[str, Any]) -> int:
    """Apply one update and say what changed; raises ExwardError, and then nothing has changed."""
    origin = values["origin"]
    folder = default_dir() if values["facts"] is None else Path(values["facts"])
    trust = Trust(_key(values["key"]), (values["sha256"] or "").strip().lower())
    data = fetch(origin, MAX_BYTES) if "://" in origin else _read(Path(origin), MAX_BYTES)
    form = form_of(data)
    if form is None:
        known = "; ".join(one.TITLE for one in forms())
        raise ContentError("this is no update that exward knows", f"known are: {known}", origin)
    tables = {name: newest_bytes(name, folder) for name in TABLES}
    changed = form.apply(data, tables, trust, origin)
    _write(folder, changed.tables)
    show(*changed.said or ("nothing new",))
    return exits.DONE


def _key(path: str | None) -> bytes:
    return b"" if path is None else _read(Path(path), MAX_KEY_BYTES)


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", "check the path", str(path)) from (
            error
        )
    if len(data) > limit:
        raise ContentError(f"is larger than an update can be ({limit:,} bytes)", "", str(path))
    return data


def _write(folder: Path, tables: Mapping[str, bytes]) -> None:
    """Write all tables beside their places, then put them there: no reader sees half of one."""
    try:
        if tables:
            folder.mkdir(parents=True, exist_ok=True)
        parts = {}
        for name, data in tables.items():
            parts[name] = folder / f".{secrets.token_hex(8)}.part"
            parts[name].write_bytes(data)
        for name, part in parts.items():
            part.replace(folder / f"{name}.json")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot be written: {reason}", "give --facts DIR", str(folder)) from error
