"""Which files a web server runs, and the finding that one of them gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells import analyse, assemblies
from exward.webshells.belonging import files
from exward.webshells.served import EXTENSIONS
from exward.webshells.sign import Capability, Sign

DETECTOR = "webshell"
PROGRAM = "dll"
MAX_PAGE_BYTES = analyse.MAX_BYTES
MAX_PROGRAM_BYTES = 16 * 1024 * 1024
_OWN_PROGRAMS = re.compile(
    r"[/\\!](?:windows[/\\](?!microsoft\.net[/\\].*temporary asp\.net files)"
    r"(?!system32[/\\]inetsrv)"
    r"|exchange server[/\\]v\d+[/\\]bin[/\\])"
)
"""Windows' and Exchange's own programs, which are thousands; compiled pages and IIS modules are not
among them."""
_IN_CODE_FOLDERS = re.compile(r"[/\\!]app_code[/\\](?:[^!]*[/\\])?[^/\\!]+\.(?:cs|vb)$")
_BEHIND = re.compile(r"\.(?:aspx|ashx|asmx|ascx|asax|master|svc)\.(?:cs|vb)$")
"""Code that stands behind a page, which the server compiles when it is asked for."""
_HOLDING = frozenset({"config", "inc"})
"""What no server shows, and what another page or a handler may have run."""
_HIDDEN = re.compile(
    rb"<%@?\s*(?:page|eval|execute|language|web(?:handler|service)|master|application|control)|runat\s*=\s*[\"']?server",
    re.IGNORECASE,
)
"""Server-side code in a file whose name says nothing of it."""
_HIDING = frozenset(
    {"jpg", "jpeg", "png", "gif", "bmp", "ico", "txt", "css", "pst", "htm", "html", "xml", "rem",
     "axd", "aspq", "cshtm", "vbhtm", "shtml", "shtm", "stm", "bak", "old"}
)  # fmt: skip
MAX_NAMED = 6
MAX_LINES = 20

_TOLD = {
    Capability.RUN_CODE: ("Lets A Stranger Run Code", Severity.CRITICAL),
    Capability.RUN_SHELLCODE: ("Runs Machine Code", Severity.CRITICAL),
    Capability.LOAD_CODE: ("Lets A Stranger Load Programs", Severity.CRITICAL),
    Capability.RUN_COMMANDS: ("Lets A Stranger Run Commands", Severity.CRITICAL),
    Capability.TUNNEL: ("Is A Tunnel Into The Network", Severity.CRITICAL),
    Capability.STAY_IN_MEMORY: ("Stays In Memory", Severity.HIGH),
    Capability.MAKE_ACCOUNTS: ("Makes Accounts", Severity.CRITICAL),
    Capability.READ_MAIL: ("Lets A Stranger Read Mail", Severity.CRITICAL),
    Capability.WRITE_FILES: ("Lets A Stranger Write Files", Severity.HIGH),
    Capability.STEAL_PASSWORDS: ("Collects Passwords", Severity.HIGH),
    Capability.HIDE_TRACKS: ("Hides The Tracks Of An Intruder", Severity.HIGH),
    Capability.QUERY_DATABASES: ("Lets A Stranger Query Databases", Severity.MEDIUM),
    Capability.READ_FILES: ("Lets A Stranger Read Files", Severity.MEDIUM),
    Capability.EXPLORE: ("Shows The Server To A Stranger", Severity.MEDIUM),
    Capability.SEND_MAIL: ("Sends Mail For A Stranger", Severity.MEDIUM),
    Capability.SERVE_FOREIGN: ("Shows What Another Server Sends", Severity.MEDIUM),
    Capability.OWN_PASSWORD: ("Asks For A Password Of Its Own", Severity.MEDIUM),
}
"""Worst first: what the finding is called, and how severe it is."""


def extension_of(path: str) -> str:
    """The extension, lower case, without a dot; "" if there is none."""
    name = re.split(r"[/\\!]", path)[-1]
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_page(path: str, head: bytes) -> bool:
    """Whether a file is, or hides, what a web server runs. `head`: its first 64 KiB."""
    extension = extension_of(path)
    if extension == PROGRAM:
        return head.startswith(b"MZ") and _OWN_PROGRAMS.search(path.lower()) is None
    if extension in EXTENSIONS:
        return True
    if extension in _HOLDING:
        return b"<%" in head or _HIDDEN.search(head) is not None
    if extension in _HIDING:
        return _HIDDEN.search(head) is not None
    if extension == files.COMPILED:
        return files.is_leftover(path)
    if files.is_listed_script(path, extension):
        return True
    lower = path.lower()
    return _IN_CODE_FOLDERS.search(lower) is not None or _BEHIND.search(lower) is not None


def most_bytes(path: str) -> int:
    """How much of a file is judged."""
    return MAX_PROGRAM_BYTES if extension_of(path) == PROGRAM else MAX_PAGE_BYTES


def judge(path: str, data: bytes) -> tuple[Finding | None, bool]:
    """The finding on a file, None if its code gives nothing; and whether all of it was read."""
    weighed = weigh(path, data, hashlib.sha256(data).hexdigest())
    return weighed.finding, weighed.is_whole


class Weighed(NamedTuple):
    """What the code of a file gives: a finding, or a hint that counts if the file does not belong.

    `hint`: a finding made of signs that prove nothing alone, None if there is a finding.
    `is_whole`: whether all of the file was read.
    """

    finding: Finding | None
    hint: Finding | None
    is_whole: bool


def weigh(path: str, data: bytes, sha256: str) -> Weighed:
    """Judge a file by its code alone. `sha256`: of the whole file, "" if that is not known."""
    found, is_whole = _read(path, data)
    telling = [sign for sign in found if sign.sure] or _together(found)
    if telling:
        return Weighed(_finding(path, sha256, telling), None, is_whole)
    return Weighed(None, _finding(path, sha256, found) if found else None, is_whole)


def _read(path: str, data: bytes) -> analyse.Reading:
    extension = extension_of(path)
    if extension == PROGRAM:
        return analyse.Reading(assemblies.analyse(data), True)
    if extension not in EXTENSIONS | {"cs", "vb", "config"}:
        extension = "aspx" if b"<%@" in data[:65_536] else "asp"
    return analyse.read(data, extension)


_ORDINARY = frozenset({Capability.SERVE_FOREIGN, Capability.TUNNEL})
"""Many sites ask another server and show or keep the answer."""


def _together(found: Sequence[Sign]) -> Sequence[Sign]:
    """Signs that prove nothing alone do so if they give different capabilities."""
    kinds = {sign.capability for sign in found} - _ORDINARY
    shown = {sign.words for sign in found if sign.capability is Capability.EXPLORE}
    return found if len(kinds) > 1 or len(shown) > 1 else ()


def _finding(path: str, digest: str, signs: Sequence[Sign]) -> Finding:
    capabilities = [one for one in _TOLD if any(sign.capability is one for sign in signs)]
    title, severity = _TOLD[capabilities[0]]
    is_program = extension_of(path) == PROGRAM
    sure = any(sign.sure for sign in signs)
    lines = list(dict.fromkeys(sign.line for sign in signs))[:MAX_LINES]
    words = list(dict.fromkeys(sign.words for sign in signs))
    more = f", and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""
    fields = {
        "TargetFilename": path,
        "sha256": digest,
        "capabilities": ", ".join(capabilities),
        "lines": ", ".join(map(str, lines)),
    }
    identity = "\0".join((DETECTOR, path, digest)).encode("utf-8", "backslashreplace")
    return Finding(
        id=hashlib.blake2b(identity, digest_size=12).hexdigest(),
        detector=DETECTOR,
        rule=f"webshell-{capabilities[0].value}",
        title=f"{'Web Program' if is_program else 'Web Page'} {title}",
        severity=severity if sure else Severity.MEDIUM,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        stage=Stage.WEB_SHELL,
        techniques=("T1505.003",),
        server="",
        account="",
        source_ip="",
        first=None,
        last=None,
        count=len(signs),
        grade=Grade.STATE,
        evidence=(Evidence(path, lines[0], None, fields),),
        why=f"the {'program' if is_program else 'page'} {'; '.join(words[:MAX_NAMED])}{more}",
        advice="Preserve the file with its times and owner; find who wrote it and who called it.",
        references=("https://attack.mitre.org/techniques/T1505/003/",),
        path=path,
        sha256=digest,
        capabilities=tuple(one.value for one in capabilities),
        lines=tuple(line for line in lines if line),
    )
