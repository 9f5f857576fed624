"""Whom users and administrators allowed or blocked: a file like the mail settings, with two keys.

It may be edited by hand; the filter reads it again when it changes.
"""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from exward.mail.quarantine.files import write_durably
from exward.mail.settings import MailSettings, load_settings
from exward.model.errors import UsageError

FILE = "lists.toml"
ALLOW, BLOCK = "allow", "block"
MAX_ENTRIES = 20_000
_NAME = re.compile(r"(?:[^\s@\"\\<>,;:()\[\]\x00-\x1f\x7f]{1,128}@)?[^\W_](?:[\w.-]{0,251}[^\W_])?")
_HEAD = """# Senders that were allowed or blocked from the quarantine: addresses and domains.
# Remove a line to take it back. What is blocked is blocked, even if it is allowed as well.
"""


def load_lists(folder: Path) -> MailSettings:
    """The lists, empty if there are none; raises ContentError."""
    path = folder / FILE
    return load_settings(path) if path.is_file() else MailSettings()


def joined(settings: MailSettings, lists: MailSettings) -> MailSettings:
    """Settings with the lists added."""
    return dataclasses.replace(
        settings, allow=settings.allow | lists.allow, block=settings.block | lists.block
    )


def checked_name(text: str) -> str:
    """An address or domain in the form that lists have; raises UsageError for anything else."""
    name = text.strip().lower()
    if len(name) > 300 or not name.isprintable() or not _NAME.fullmatch(name) or "." not in name:
        hint = "give ann@partner.example or partner.example"
        raise UsageError("is neither an address nor a domain", hint, text)
    return name


def add_to_list(folder: Path, kind: str, name: str) -> bool:
    """Add a checked name and take it from the other list; False if nothing changes.

    Raises OSError, ContentError. The caller sees to it that nobody else does so meanwhile.
    """
    lists = load_lists(folder)
    values = {ALLOW: set(lists.allow), BLOCK: set(lists.block)}
    before = {key: set(names) for key, names in values.items()}
    values[BLOCK if kind == ALLOW else ALLOW].discard(name)
    values[kind].add(name)
    if len(values[kind]) > MAX_ENTRIES:
        raise UsageError("the list is full", f"it may have {MAX_ENTRIES:,} entries", FILE)
    if values == before:
        return False
    text = _HEAD + "".join(_array(key, names) for key, names in values.items())
    write_durably(folder, folder / FILE, text.encode())
    return True


def _array(key: str, names: set[str]) -> str:
    # What `checked_name` lets through is the same in JSON and in TOML.
    lines = "".join(f"    {json.dumps(name, ensure_ascii=False)},\n" for name in sorted(names))
    return f"{key} = [\n{lines}]\n"
