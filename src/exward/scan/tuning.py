"""The user's own levels, put into the rules before anything is read."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from exward.incidents.acceptance import Tuning
from exward.rules.ir import Correlation, Rule, RuleSet


def tuned(rules: RuleSet, tuning: Tuning) -> RuleSet:
    """The rules with the levels that the user gave them."""
    levels = {one.rule: one.level for one in tuning.levels}
    if not levels:
        return rules
    return msgspec.structs.replace(
        rules,
        rules=tuple(_with_level(rule, levels) for rule in rules.rules),
        correlations=tuple(_with_level(rule, levels) for rule in rules.correlations),
    )


Kind = TypeVar("Kind", Rule, Correlation)


def _with_level(rule: Kind, levels: dict[str, str]) -> Kind:
    level = levels.get(rule.meta.id)
    if level is None:
        return rule
    return msgspec.structs.replace(rule, meta=msgspec.structs.replace(rule.meta, level=level))
