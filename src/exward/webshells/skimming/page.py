"""The finding on a page or script of the logon that takes passwords away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.webshells.belonging.folders import folders
from exward.webshells.belonging.places import BACK_END, Place, place_of
from exward.webshells.sign import Capability
from exward.webshells.skimming import flow, markup
from exward.webshells.skimming.markup import Markup, Script
from exward.webshells.skimming.statements import code_of
from exward.webshells.skimming.tokens import MAX_TOKENS, Kind, Token, tokens
from exward.webshells.text import text_of

DETECTOR = "logon-page"
SENDS, PASSES, KEEPS = "logon-page-sends", "logon-page-passes", "logon-page-keeps"
FETCHES, HIDES = "logon-page-fetches", "logon-page-hides"
EXTENSIONS = frozenset({"js", "mjs", "htm", "html", "aspx", "ascx", "asp", "ashx", "master"})
MAX_BYTES = 1024 * 1024
MAX_INSIDE = 2
MAX_WORDS = 4
MAX_LINES = 20
MIN_OBFUSCATED = 20
"""Names as obfuscators make them, from which on a script is one that hides what it does."""
_BACK_END_LOGON = (f"{BACK_END}/owa/auth/", f"{BACK_END}/ecp/auth/")
_FRONT_LOGON = ("/owa/auth", "/ecp/auth", "/aspnet_client")
_OWN = re.compile(r"^\s*(?:/owa/|/ecp/)?(?:auth/)?auth\.owa\b|^/owa/auth\.owa\b", re.IGNORECASE)
"""Where the logon's form goes to by itself."""
_HOST = re.compile(r"(?:https?:|wss?:)?//([\w.-]+|\[[0-9a-f:.]+\])(?::\d+)?", re.IGNORECASE)
_WORTH = re.compile(
    r"passw|pwd|FormData|serialize|\.elements|\.value|\bkey|<script|<form|fromCharCode|atob|\\x[\da-f]{2}",
    re.IGNORECASE,
)
_RUNS = frozenset({"eval", "Function", "setTimeout", "setInterval", "execScript"})
_PACKED = re.compile(r"eval\s*\(\s*function\s*\(\s*p\s*,\s*a\s*,\s*c\s*,\s*k\b")
_OBFUSCATED = re.compile(r"\b_0x[0-9a-f]{4,}\b")


class Sign(NamedTuple):
    """What a page does: the id of a rule, the 1-based line, and a few words."""

    rule: str
    line: int
    words: str


class Weighed(NamedTuple):
    """The finding on a page, if any; `is_whole`: whether all of its scripts were read."""

    finding: Finding | None
    is_whole: bool


_TOLD = {
    SENDS: ("Logon Page Sends Passwords Elsewhere", Severity.CRITICAL),
    PASSES: ("Logon Page Passes Passwords To Another Page", Severity.HIGH),
    KEEPS: ("Logon Page Keeps Passwords", Severity.HIGH),
    FETCHES: ("Logon Page Takes Script From Elsewhere", Severity.MEDIUM),
    HIDES: ("Logon Page Hides What Its Script Does", Severity.MEDIUM),
}
"""Worst first: what the finding is called, and how severe it is."""
RULES = tuple(_TOLD)


def concerns(path: str) -> bool:
    """Whether a file is served to people who are not signed in yet, or is named as a logon page.

    Front-end `owa/auth` and `ecp/auth`, what stands behind them, `aspnet_client` and the root of
    the web site; anywhere else only by the names of the logon's own files.
    """
    name = re.split(r"[/\\!]", path)[-1].lower()
    if name.rpartition(".")[2] not in EXTENSIONS:
        return False
    if name in folders().logon.names:
        return True
    place = place_of(path)
    if place is None:
        return False
    return bool(place.anonymous) or place.path.startswith(_BACK_END_LOGON)


def weigh(path: str, data: bytes, sha256: str) -> Weighed:
    """Judge what the browser is given. `sha256`: of the whole file, "" if that is not known."""
    text = text_of(data[:MAX_BYTES])
    if not _WORTH.search(text):
        return Weighed(None, True)
    shown = markup.read(text, path.rpartition(".")[2].lower())
    place = place_of(path)
    signs, is_whole = _of_scripts(shown.scripts)
    is_whole = is_whole and len(data) <= MAX_BYTES
    if _is_logon(path, place):
        signs += [*_of_markup(shown), *_hidden(shown.scripts)]
    else:
        # Other pages of a web site may have a logon of their own, on this server.
        signs = [one for one in signs if one.rule == SENDS]
    if not signs:
        return Weighed(None, is_whole)
    ordered = sorted(set(signs), key=lambda sign: (RULES.index(sign.rule), sign.line, sign.words))
    found = _finding(path, sha256, ordered)
    if not _is_logon(path, place):
        found = replace(found, severity=Severity.MEDIUM, confidence=Confidence.LOW)
    return Weighed(found, is_whole)


def _is_logon(path: str, place: Place | None) -> bool:
    """Whether passwords for Exchange are typed here."""
    if re.split(r"[/\\!]", path)[-1].lower() in folders().logon.names:
        return True
    if place is None:
        return False
    return place.anonymous in _FRONT_LOGON or place.path.startswith(_BACK_END_LOGON)


def _of_scripts(scripts: Sequence[Script]) -> tuple[list[Sign], bool]:
    """Scripts of one page see each other's variables, so they are read as one."""
    cut = [one for script in scripts for one in (*_read(script, MAX_INSIDE), _END)]
    leaks, is_whole = flow.leaks(code_of(cut))
    signs = []
    for leak in leaks:
        told = _told(leak)
        if told is not None:
            signs.append(told)
    return signs, is_whole and len(cut) < MAX_TOKENS


_END = Token(Kind.SIGN, ";", 0)


def _read(script: Script, depth: int) -> Iterator[Token]:
    """The tokens of a script, and of the scripts that it has as texts and runs."""
    found = tokens(script.code, script.line)
    yield from found
    for at, token in enumerate(found[2:] if depth else (), 2):
        runs = found[at - 1].value == "(" and found[at - 2].value in _RUNS
        if runs and token.kind is Kind.TEXT:
            yield _END
            inner = _read(Script(token.value, token.line), depth - 1)
            yield from (one._replace(line=token.line) for one in inner)


def _told(leak: flow.Leak) -> Sign | None:
    if leak.keeps:
        words = "keeps the password in a cookie or in the browser's memory"
        return Sign(KEEPS, leak.line, words)
    hosts = [found[1] for one in leak.targets for found in _HOST.finditer(one)]
    if hosts:
        words = f"sends what is typed to {', '.join(sorted(set(hosts))[:3])}"
        return Sign(SENDS, leak.line, words)
    if leak.targets and all(_OWN.search(one) for one in leak.targets):
        return None
    named = next((one for one in leak.targets if not _OWN.search(one)), "")
    where = f"{named[:100]} on this server" if named else "an address that it puts together"
    return Sign(PASSES, leak.line, f"sends what is typed to {where}")


def _of_markup(shown: Markup) -> list[Sign]:
    signs = []
    for lead in shown.leads:
        host = _HOST.match(lead.address)
        where = host[1] if host else lead.address[:100]
        if lead.tag in {"script", "iframe", "frame"}:
            words = f"takes a {'script' if lead.tag == 'script' else 'page'} from {where}"
            signs.append(Sign(FETCHES, lead.line, words))
        elif shown.asks:
            words = f"sends its form with the password to {where}"
            signs.append(Sign(SENDS, lead.line, words))
    return signs


def _hidden(scripts: Sequence[Script]) -> list[Sign]:
    return [
        Sign(HIDES, script.line, "hides what its script does")
        for script in scripts
        if _PACKED.search(script.code) or len(_OBFUSCATED.findall(script.code)) >= MIN_OBFUSCATED
    ]


def _finding(path: str, digest: str, signs: Sequence[Sign]) -> Finding:
    rule = signs[0].rule
    title, severity = _TOLD[rule]
    lines = tuple(dict.fromkeys(one.line for one in signs))[:MAX_LINES]
    words = list(dict.fromkeys(one.words for one in signs))
    more = f", and {len(words) - MAX_WORDS} more" if len(words) > MAX_WORDS else ""
    fields = {
        "TargetFilename": path,
        "sha256": digest,
        "capabilities": Capability.STEAL_PASSWORDS.value,
        "lines": ", ".join(map(str, lines)),
    }
    identity = "\0".join((DETECTOR, path, digest)).encode("utf-8", "backslashreplace")
    sure = severity.rank >= Severity.HIGH.rank
    return Finding(
        id=hashlib.blake2b(identity, digest_size=12).hexdigest(),
        detector=DETECTOR,
        rule=rule,
        title=title,
        severity=severity,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        stage=Stage.CREDENTIAL_ACCESS,
        techniques=("T1056.003",),
        server="",
        account="",
        source_ip="",
        first=None,
        last=None,
        count=len(signs),
        grade=Grade.STATE,
        evidence=(Evidence(path, lines[0], None, fields),),
        why=f"the page {'; '.join(words[:MAX_WORDS])}{more}",
        advice="Preserve the file with its times and owner, put the stock file back, and change "
        "the passwords of all who signed in since it was changed.",
        references=(
            "https://attack.mitre.org/techniques/T1056/003/",
            "https://www.ptsecurity.com/ww-en/analytics/pt-esc-threat-intelligence/"
            "positive-technologies-detects-a-series-of-attacks-via-microsoft-exchange-server/",
        ),
        path=path,
        sha256=digest,
        capabilities=(Capability.STEAL_PASSWORDS.value,),
        lines=lines,
    )


def raised(path: str, hint: Finding) -> Finding | None:
    """What the server does with passwords proves nothing elsewhere, but does where people sign in.

    `hint`: of the analysis of the code (`webshells.page.weigh`).
    """
    steals = Capability.STEAL_PASSWORDS.value in hint.capabilities
    if not steals or not _is_logon(path, place_of(path)):
        return None
    return replace(hint, severity=Severity.HIGH, confidence=Confidence.MEDIUM)
