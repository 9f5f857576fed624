"""Programs that do what their arguments say: with them, whoever names arguments runs commands.

After the LOLBAS project's list of programs of Windows that run others.
"""

from __future__ import annotations

import re

_NAMES = frozenset(
    {"cmd", "command", "powershell", "pwsh", "wscript", "cscript", "mshta", "rundll32", "regsvr32",
     "wmic", "msbuild", "installutil", "regasm", "regsvcs", "certutil", "bitsadmin", "net", "net1",
     "netsh", "sc", "schtasks", "at", "psexec", "psexec64", "bash", "sh", "wsl", "forfiles",
     "pcalua", "msiexec", "reg", "runas", "conhost", "explorer", "python", "perl", "php", "ruby",
     "node", "java", "ftp", "tftp", "curl", "ssh", "plink", "nc", "ncat", "procdump", "vssadmin",
     "ntdsutil"}
)  # fmt: skip
_PROGRAM = re.compile(
    r"\s*\"?(?:[^\"]{0,260}[\\/])?([\w.-]{1,60}?)(?:\.exe|\.com)?\"?(?:\s|$)", re.IGNORECASE
)


def is_interpreter(command: str) -> bool:
    """Whether a command begins with such a program, or with none that can be told."""
    found = _PROGRAM.match(command[:400])
    return found is None or found[1].lower() in _NAMES or "%" in command[:400]
