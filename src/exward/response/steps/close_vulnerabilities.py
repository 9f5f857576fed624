"""Close vulnerabilities that an update alone leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.outcome import About, Outcome
from exward.response.case import MAX_REASONS, Case, of_outcome
from exward.response.checks import commands, settings
from exward.response.plan import Action, Phase

ID = "close-vulnerabilities"
PHASE = Phase.PATCH
RANK = 20
AFTER = ("install-updates",)
TITLE = "Close what the update alone leaves open"
EFFECT = "The conditions under which the fixes work hold."
BREAKS = "Clients that need the old behaviour: read the page of the vulnerability first."


def actions(case: Case) -> Iterator[Action]:
    """One step for each fix, with all vulnerabilities that it closes."""
    by_fix: dict[str, list[Outcome]] = {}
    for outcome in settings(case, About.VULNERABILITY):
        by_fix.setdefault(outcome.fix, []).append(outcome)
    for fix, outcomes in by_fix.items():
        names = ", ".join(one.check.upper() for one in outcomes)
        yield Action(
            reasons=tuple(map(of_outcome, outcomes[:MAX_REASONS])),
            change=(change := commands(fix)),
            notes=(*(() if change else (f"Fix: {fix}",)), f"Closes {names}"),
        )
