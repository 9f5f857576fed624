"""Install what is missing, in order, while nobody from outside reaches the server."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.outcome import Outcome
from exward.model.stage import Stage
from exward.response.case import MAX_REASONS, Case, of_finding, of_outcome
from exward.response.checks import UPDATE_CHECKS, is_update
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "install-updates"
PHASE = Phase.PATCH
RANK = 10
AFTER = ("isolate-server", "remove-files", "remove-iis-modules", "reset-credentials")
TITLE = "Install the missing updates of Exchange"
EFFECT = "What the updates fix is closed. They remove no intruder: evict first."
BREAKS = (
    "Services stop while it installs and the server restarts. A cumulative update puts changed "
    "configuration files back and cannot be uninstalled: have a backup."
)


def actions(case: Case) -> Iterator[Action]:
    """What posture says is missing; after an attack without known build, to find that out."""
    fails = [one for one in case.fails if is_update(one)]
    broken_in = [one for one in case.done if one.stage is Stage.INITIAL_ACCESS]
    if not fails and not broken_in:
        return
    reasons = [of_outcome(one) for one in sorted(fails, key=_weight)[:MAX_REASONS]]
    more = len(fails) - len(reasons)
    yield Action(
        reasons=tuple(reasons) or tuple(map(of_finding, broken_in[:MAX_REASONS])),
        preview=(
            command("Get-Command ExSetup.exe | ForEach-Object { $_.FileVersionInfo.FileVersion }"),
            command("Get-HotFix | Sort-Object InstalledOn | Select-Object -Last 10"),
        ),
        by_hand=(
            *_installations(case),
            "Download it on another machine while this one is closed, and compare its signature.",
            "Start the update from an elevated prompt, not by double click: without rights it "
            "ends without an error and leaves the server half updated.",
            "A security update can be uninstalled in Control Panel; a cumulative update cannot.",
        ),
        notes=(*_missing(case), *((f"{more:,} more checks need them, too.",) if more > 0 else ())),
    )


def _installations(case: Case) -> tuple[str, ...]:
    if case.posture is not None and case.posture.missing:
        return ("Install what the notes name, in that order.",)
    return (
        "Which build runs is not in the evidence, or no newer one is known: read it with the "
        "preview, and give an inventory to `exward posture`.",
    )


def _missing(case: Case) -> tuple[str, ...]:
    missing = case.posture.missing if case.posture is not None else ()
    return tuple(
        f"{number}. {one.label} ({one.build}), {one.kb or 'no KB'}, released {one.released}"
        for number, one in enumerate(missing, 1)
    )


def _weight(outcome: Outcome) -> tuple[bool, bool, int, str]:
    known = outcome.check in UPDATE_CHECKS
    return not known, not outcome.exploited, -outcome.severity.rank, outcome.check
