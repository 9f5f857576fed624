"""Finds the modules of this folder that define all names of `interface.Store`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from exward.mail.mime.message import Message
from exward.mail.stores.interface import Store, Stored
from exward.model.skipped import Skipped
from exward.model.source import Source

REQUIRED = ("NAME", "TITLE", "recognises", "read", "parse")


@cache
def stores() -> tuple[Store, ...]:
    """Every kind of store, sorted by module name; the order in which they are asked."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.mail.stores.{name}") for name in names]
    return tuple(
        cast("Store", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


def identify(path: str, head: bytes) -> Store | None:
    """The kind of store that a file is; None if it holds no mail."""
    return next((one for one in stores() if one.recognises(path, head)), None)


def parsed(stored: Stored) -> Iterator[Message | Skipped]:
    """The message that lies there, and what of it could not be read."""
    store = next(one for one in stores() if stored.store == one.NAME)
    yield from store.parse(stored.path, stored.data)


def messages(source: Source) -> Iterator[tuple[str, Message] | Skipped]:
    """Every message of a file with its path; nothing if it holds no mail."""
    store = identify(source.path, source.head)
    for stored in store.read(source) if store is not None else ():
        if isinstance(stored, Skipped):
            yield stored
            continue
        for found in parsed(stored):
            yield found if isinstance(found, Skipped) else (stored.path, found)
