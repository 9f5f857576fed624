"""What the trained model says of text and structure as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.classifier.features import features
from exward.mail.classifier.model import shipped_model
from exward.mail.facts import Facts
from exward.mail.signs import BULK, PHISHING, SPAM, Sign

TITLE = "The trained model finds the message like unwanted or like wanted mail"
CLASS = SPAM
POINTS_PER_LOG_ODDS = 0.75
MOST, LEAST = 8.0, -2.0
"""Limits in points: the model alone may send to quarantine, and may not outweigh malware."""
QUIET = 0.5
"""Fewer points than this are not worth a reason."""


def find(facts: Facts) -> Iterator[Sign]:
    """Give the calibrated log-odds as points, with the features that made them."""
    found = features(facts)
    model = shipped_model()
    log_odds = model.log_odds(model.margin(found))
    points = max(LEAST, min(MOST, log_odds * POINTS_PER_LOG_ODDS))
    if abs(points) < QUIET:
        return
    if points > 0:
        why = f"The trained model gives {model.probability(found):.1%} for unwanted mail."
        by = model.top(found, 6, 1)
    else:
        why = f"The trained model gives {1 - model.probability(found):.1%} for wanted mail."
        by = model.top(found, 6, -1)
    yield Sign(round(points, 1), why, ", ".join(by), _class(facts))


def _class(facts: Facts) -> str:
    if facts.said.get("credential") and facts.links:
        return PHISHING
    return BULK if facts.message.first("list-unsubscribe") else SPAM
