"""Judges a native program library: a module of IIS that runs commands or other processes' code.

Modules of IIS that start programs exist (for CGI, for Node.js, for ASP.NET Core): these start the
program that their configuration names, and hold no command interpreter's name.
"""

from __future__ import annotations

import re

from exward.webshells.pe_files import DAMAGED, EXPORTS, open_file
from exward.webshells.sign import Capability, Sign

_ENTRIES = frozenset({b"RegisterModule", b"HttpFilterProc", b"HttpExtensionProc"})
_STARTS = re.compile(
    rb"\0(?:CreateProcess(?:AsUser)?[AW]|WinExec|ShellExecute(?:Ex)?[AW]|_w?popen)\0"
)
_SHELLS = re.compile(
    rb"(?:\\|\0|\"|%)(?:cmd\.exe|cmd /[ckr]|powershell(?:\.exe)?|comspec)(?:\0|[ \"%])",
    re.IGNORECASE,
)
_INTERPRETERS = ("cmd.exe", "cmd /c", "powershell", "ComSpec")
_WIDE_SHELLS = re.compile(
    b"|".join(re.escape(name.encode("utf-16-le")) for name in _INTERPRETERS), re.IGNORECASE
)
_INJECTS = (b"\0WriteProcessMemory\0", b"\0CreateRemoteThread\0")


def analyse_native(data: bytes) -> tuple[Sign, ...]:
    """The signs in a file of the kind PE without .NET."""
    if not any(name in data for name in _ENTRIES):
        return ()
    starts = _STARTS.search(data) is not None and (
        _SHELLS.search(data) is not None or _WIDE_SHELLS.search(data) is not None
    )
    injects = all(name in data for name in _INJECTS)
    if not (starts or injects) or _ENTRIES.isdisjoint(_exports(data)):
        return ()
    signs = []
    if starts:
        words = "a module of the web server that starts a command interpreter"
        signs.append(Sign(Capability.RUN_COMMANDS, 0, words))
    if injects:
        words = "a module of the web server that writes code into other processes"
        signs.append(Sign(Capability.RUN_SHELLCODE, 0, words))
    return tuple(signs)


def _exports(data: bytes) -> set[bytes]:
    try:
        file = open_file(data, EXPORTS)
        return {symbol.name for symbol in file.DIRECTORY_ENTRY_EXPORT.symbols if symbol.name}
    except DAMAGED:
        return set()
