"""Correct weak settings, each with the fix, preview and undo of its check."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.outcome import About
from exward.response.case import Case
from exward.response.checks import action_of, settings
from exward.response.plan import Action, Phase

ID = "correct-settings"
PHASE = Phase.HARDEN
RANK = 50
AFTER = ("install-updates",)
TITLE = "Correct a weak setting"
EFFECT = "The setting is as it should be."
BREAKS = "Nothing known."


def actions(case: Case) -> Iterator[Action]:
    """A step for each failed check of the configuration, worst first."""
    for outcome in settings(case, About.CONFIGURATION):
        yield action_of(outcome)
