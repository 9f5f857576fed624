"""Service accounts for reports: what needs a look first, and the week as a grid of shades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.model.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.finding import Finding
    from exward.model.service_account import ServiceAccount

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_FINDINGS = 10
"""Of one account, on its part of the page; all stand among the findings."""
_STEPS = (1, 25, 50, 75)
_SIGNS = "·░▒▓█"
_HOURS = 24


def ranked(accounts: Iterable[ServiceAccount]) -> list[ServiceAccount]:
    """Accounts with the most anomalies first."""
    return sorted(accounts, key=lambda one: (-one.anomalies, one.account))


def by_account(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The first findings about each service account, in the order in which they are given."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        if one.stage is Stage.BEHAVIOUR and one.account:
            told = found.setdefault(one.account, [])
            if len(told) < MAX_FINDINGS:
                told.append(one)
    return found


def grid(week: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Monday to Sunday, each with the shades of its 24 hours: 0 (no sign-in) to 4.

    `week` has 168 numbers in per cent from Sunday 00:00; one of another length is not shown.
    """
    if len(week) != 7 * _HOURS:
        return []
    shades = [sum(share >= step for step in _STEPS) for share in week]
    starts = [(place + 1) % 7 * _HOURS for place in range(7)]
    return [(name, shades[at : at + _HOURS]) for name, at in zip(DAYS, starts, strict=True)]


def drawn(week: Sequence[int]) -> list[str]:
    """The grid as lines of text."""
    lines = [f"{name}  {''.join(_SIGNS[shade] for shade in row)}" for name, row in grid(week)]
    return ["     00    06    12    18", *lines] if lines else []
