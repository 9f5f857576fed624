"""What the trained model says of a message: one sum, shared out among what it was made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from exward.mail.classifier.features import features, trait_feature
from exward.mail.classifier.model import Model, shipped_model
from exward.mail.facts import Facts
from exward.mail.signs import BULK, PHISHING, SPAM, Sign

POINTS_PER_LOG_ODDS = 1.2
MOST, LEAST = 12.0, -2.0
"""Limits in points: the model alone may send to quarantine and never refuses, and it may not
outweigh malware."""
QUIET = 0.5
"""Fewer points than this are not worth a reason."""
NEARLY_SURE = 0.999
"""A model is never sure: 100.0 % would say so."""
SHOWN = 6
"""Features that a reason names."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Points of each trait that checks gave as a hint, and what is left: words and form."""

    traits: dict[str, float]
    rest: Sign | None


def weigh(facts: Facts, traits: Collection[str], model: Model | None = None) -> Weighed:
    """Weigh words, form and the hints of the checks together; the shares add up to the sum."""
    judge = model or shipped_model()
    found = features(facts, traits)
    whole = points(judge.log_odds(judge.margin(found)))
    unit = judge.slope * POINTS_PER_LOG_ODDS
    shares = {trait: round(unit * judge.share(trait_feature(trait), found), 1) for trait in traits}
    rest = round(whole - sum(shares.values()), 1)
    if abs(rest) < QUIET:
        return Weighed(shares, None)
    hints = {trait_feature(trait) for trait in traits}
    plain = {name: value for name, value in found.items() if name not in hints}
    by = ", ".join(judge.top(plain, SHOWN, 1 if rest > 0 else -1))
    why = _why(judge.probability(found))
    return Weighed(shares, Sign(rest, why, by, _class(facts)))


def points(log_odds: float) -> float:
    """What calibrated log-odds are in points."""
    return max(LEAST, min(MOST, log_odds * POINTS_PER_LOG_ODDS))


def _why(likely: float) -> str:
    chance, kind = (likely, "unwanted") if likely >= 0.5 else (1 - likely, "wanted")
    share = f"{chance:.1%}" if chance < NEARLY_SURE else f"more than {NEARLY_SURE:.1%}"
    return f"The trained model gives {share} for {kind} mail."


def _class(facts: Facts) -> str:
    if facts.said.get("credential") and facts.links:
        return PHISHING
    return BULK if facts.message.first("list-unsubscribe") else SPAM
