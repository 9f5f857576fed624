"""What a page says first where no server was judged: reviews of access and of service accounts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from exward.model.result import NOT_JUDGED
from exward.model.severity import Severity

if TYPE_CHECKING:
    from exward.model.result import ScanResult

_TO_DECIDE = "access-group-members"
_PARENTHESES = re.compile(r" \([^)]*\)")
_URGENT = (Severity.CRITICAL, Severity.HIGH)


def headline(result: ScanResult) -> str:
    """One sentence; "" for what is no review."""
    return _HEADLINES.get(result.run.settings.get("verb", ""), _none)(result)


def _none(_result: ScanResult) -> str:
    return ""


def _access(result: ScanResult) -> str:
    open_ones = [one for one in result.findings if not one.accepted]
    counts = Counter(one.severity for one in open_ones)
    urgent = [f"{counts[one]:,} {one}" for one in _URGENT if counts[one]]
    groups = sum(one.rule == _TO_DECIDE for one in open_ones)
    settle = f"{' and '.join(urgent)} to settle" if urgent else "Nothing urgent"
    unknown = result.run.settings.get(NOT_JUDGED, "")
    lacking = f" Not judged: {_PARENTHESES.sub('', unknown)}." if unknown else ""
    return f"{settle}, {counted(groups, 'group')} to decide on.{lacking}"


def _accounts(result: ScanResult) -> str:
    strange = sum(one.anomalies > 0 for one in result.accounts)
    every = counted(len(result.accounts), "service account")
    return f"{strange:,} of {every} did what it never did." if strange else f"{every}: as always."


def counted(number: int, noun: str) -> str:
    """`1 group`, `2 groups`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


_HEADLINES = {"access": _access, "accounts": _accounts}
