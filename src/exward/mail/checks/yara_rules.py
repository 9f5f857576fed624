"""The user's YARA rules, held against the message, its texts and all attached files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from time import monotonic

from exward.mail.facts import Facts
from exward.mail.file_rules import RuleMatch, RulesTooSlowError, pieces
from exward.mail.signs import MALWARE, Sign
from exward.model.severity import Severity

TITLE = "A YARA rule of yours fits the message or a file in it"
CLASS = MALWARE
WEIGHTS = {Severity.CRITICAL: 12.0, Severity.HIGH: 8.0, Severity.MEDIUM: 4.0, Severity.LOW: 1.5,
           Severity.INFORMATIONAL: 0.0}  # fmt: skip
"""By what a rule says of itself: `severity`, `level` or `score` in its `meta`."""
MAX_RULES = 20
TOTAL_S = 20.0


def find(facts: Facts) -> Iterator[Sign]:
    """One sign for each rule that fits, the gravest first."""
    rules = facts.known.rules
    if rules is None:
        return
    first: dict[RuleMatch, str] = {}
    counts: Counter[RuleMatch] = Counter()
    stopped = ""
    until = monotonic() + TOTAL_S
    for name, data in pieces(facts.message, facts.files):
        if monotonic() > until:
            stopped = name
            break
        try:
            found = rules.match(name, data)
        except RulesTooSlowError:
            stopped = name
            break
        for match in found:
            first.setdefault(match, name)
        counts.update(found)
    yield from _told(first, counts)
    if stopped:
        yield Sign(0.0, "The YARA rules took too long; what follows was not matched.", stopped)


def _told(first: dict[RuleMatch, str], counts: Counter[RuleMatch]) -> Iterator[Sign]:
    ordered = sorted(first, key=lambda match: (-match.severity.rank, match.rule))
    for match in ordered[:MAX_RULES]:
        more = f" and {counts[match] - 1} more places" if counts[match] > 1 else ""
        why = f"Your YARA rule {match.rule!r} fits: {match.title.rstrip('.')}."
        yield Sign(WEIGHTS[match.severity], why, f"{first[match]}{more}")
