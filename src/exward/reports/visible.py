"""How values from evidence are written for people: all of it seen, none of it acting.

Attackers choose file names, account names and log lines. A control character could move a
terminal's cursor, a bidirectional override could make `exe.fdp` read as `pdf.exe`, a zero-width
character could hide a difference. Each is written as its escape (`\\x1b`, `\\u202e`) instead.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

_UNSEEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"  # zero width, bidi, separators, blanks
    "\ud800-\udfff"  # lone surrogates: not encodable
    "\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U000e0000-\U000e0fff"
)
_UNSEEN_ANY = re.compile(f"[{_UNSEEN}]")
_UNSEEN_IN_LINES = re.compile(f"(?![\n\t])[{_UNSEEN}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?", re.ASCII)
_LINK = re.compile(r"[!#-;=?-\[\]_a-z~%]+", re.ASCII)
MAX_LINK = 500
DASH, TIMES = "\u2013", "\xd7"
"""En dash and multiplication sign, by number: they look like others in source text."""


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str, *, lines: bool = False) -> str:
    """Write characters that do not print as escapes; `lines` keeps line feeds and tabs."""
    return (_UNSEEN_IN_LINES if lines else _UNSEEN_ANY).sub(_escape, text)


def cut(text: str, limit: int) -> str:
    """Shorten to `limit` characters and say how many are left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def utc_time(time: int | None) -> str:
    """µs since 1970-01-01 UTC as `2026-01-05 02:14:09Z`; words where there is no such time."""
    if time is None:
        return "no time"
    try:
        moment = _EPOCH + timedelta(microseconds=time)
    except OverflowError:
        return "time out of range"
    return f"{moment:%Y-%m-%d %H:%M:%S}Z" if moment.year >= 1000 else "time out of range"


def utc_span(first: int | None, last: int | None) -> str:
    """Two times as one span; the date is not repeated within a day."""
    start, end = utc_time(first), utc_time(last)
    if last is None or start == end:
        return start
    return f"{start} {DASH} {end[11:] if start[:10] == end[:10] and end[0].isdigit() else end}"


def duration(micros: int) -> str:
    """Length of time in its two largest units: `2 h 1 min`, `41 s`."""
    left = max(0, micros) // 1_000_000
    parts: list[tuple[int, str]] = []
    for name, seconds in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, seconds)
        if amount or parts:
            parts.append((amount, name))
    shown = [f"{amount} {name}" for amount, name in parts[:2] if amount]
    return " ".join(shown) or "0 s"


def size_text(size_bytes: int) -> str:
    """Bytes in the largest decimal unit that leaves a number of one or more."""
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def web_link(address: str) -> str:
    """Return the address if it may become a link (http or https, plain characters), else ""."""
    if len(address) > MAX_LINK or not _LINK.fullmatch(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""


def technique_link(technique: str) -> str:
    """Return the page of an ATT&CK technique (`T1505.003`), "" for anything else."""
    if not _TECHNIQUE.fullmatch(technique):
        return ""
    return f"https://attack.mitre.org/techniques/{technique.replace('.', '/')}/"
