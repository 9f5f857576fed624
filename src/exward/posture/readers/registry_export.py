"""Registry keys exported by regedit or `reg export` (UTF-16 or ANSI).

Microsoft: https://learn.microsoft.com/troubleshoot/windows-server/performance/windows-registry-advanced-users
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats import text_encoding
from exward.formats.whole_file import utf8_of
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers.interface import Told
from exward.posture.row import Row

NAME = "registry-export"
TITLE = "Registry export (.reg)"
MAX_KEYS = 200_000
MAX_TEXT_LINES = 1_000
"""A text of more lines is read line by line: its quotes were lost."""
_BEGINNINGS = (b"Windows Registry Editor Version 5.00", b"REGEDIT4")
_HIVES = {"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_CURRENT_USER": "HKCU", "HKEY_USERS": "HKU"}
_KEY = re.compile(r"\[(-?)(HKEY_[A-Z_]+)((?:\\.*)?)\]\s*$")
_VALUE = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|(@))\s*=\s*(.*)$', re.DOTALL)
_OPENS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|@)\s*=\s*"(?:[^"\\]|\\.)*')
_CLOSES = re.compile(r'(?:[^"\\]|\\.)*"\s*$')
_DWORD = re.compile(r"dword:([0-9a-fA-F]{1,8})\s*$")
_HEX = re.compile(r"hex(?:\(([0-9a-f]+)\))?:([0-9a-fA-F,\s]*)$")
_COMPUTER = r"hklm\system\currentcontrolset\control\computername\computername"
_STRING, _EXPANDABLE, _MULTI, _QWORD = "1", "2", "7", "b"


def recognises(path: str, head: bytes) -> bool:
    """Say whether it begins as these exports do."""
    del path
    return text_encoding.utf8_head(head).lstrip().startswith(_BEGINNINGS)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield all keys as one area; lines that are no value are counted."""
    keys: dict[str, dict[str, object]] = {}
    current: dict[str, object] | None = None
    broken = 0
    for line in _joined(utf8_of(source).decode("utf-8", "replace").splitlines()[1:]):
        if (key := _KEY.match(line)) is not None:
            current = None
            if not key[1] and len(keys) < MAX_KEYS:
                current = keys.setdefault(_HIVES.get(key[2], key[2]) + key[3], {})
        elif (value := _VALUE.match(line)) is not None and current is not None:
            name = "" if value[2] else _unescaped(value[1])
            current[name] = _plain(value[3].strip())
        elif line.strip() and not line.startswith(";"):
            broken += 1
    if broken:
        yield Skipped(source.path, None, "lines that are no key and no value", broken)
    rows = [{"Key": key, "Exists": True, "Values": values} for key, values in keys.items()]
    yield Told(_server(keys), source.path, "registry", rows, partial=True)


def _server(keys: dict[str, dict[str, object]]) -> str:
    for key, values in keys.items():
        if key.lower() == _COMPUTER:
            return Row(dict(values)).text("ComputerName") or ""
    return ""


def _joined(lines: list[str]) -> Iterator[str]:
    """Join the lines of a value: binary ones end in a backslash, texts where their quotes close.

    A text is exported with its line ends as they are: what looks like a key in it is none.
    """
    parts: list[str] = []
    text: list[str] = []
    for line in lines:
        if text:
            text.append(line)
            if _CLOSES.match(line) is not None:
                yield "\n".join(text)
                text = []
            elif len(text) == MAX_TEXT_LINES:
                yield from text
                text = []
        elif line.endswith("\\") and ("hex" in line or parts):
            parts.append(line[:-1])
        elif not parts and _OPENS.fullmatch(line) is not None:
            text.append(line)
        else:
            yield "".join([*parts, line])
            parts = []
    yield from text
    if parts:
        yield "".join(parts)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _plain(written: str) -> object:
    if written.startswith('"'):
        return _unescaped(written[1:].removesuffix('"'))
    if (number := _DWORD.match(written)) is not None:
        return int(number[1], 16)
    if (binary := _HEX.match(written)) is None:
        return None
    digits = re.sub(r"[^0-9a-fA-F]", "", binary[2])
    data = bytes.fromhex(digits[: len(digits) // 2 * 2])
    if binary[1] in {_STRING, _EXPANDABLE}:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    if binary[1] == _MULTI:
        return [part for part in data.decode("utf-16-le", "replace").split("\0") if part]
    return int.from_bytes(data, "little") if binary[1] == _QWORD else data.hex()
