"""All features of a message, by names that a person can read."""

from __future__ import annotations

import zlib

from exward.mail.classifier.structure import structure_features
from exward.mail.classifier.words import text_features
from exward.mail.facts import Facts

VERSION = 2
"""Raised when a feature changes its meaning; a model holds for one version only."""
SLOTS = 1 << 18
STRUCTURE_VALUE = 0.5


def features(facts: Facts) -> dict[str, float]:
    """The features of a message with their values."""
    found = dict.fromkeys(structure_features(facts), STRUCTURE_VALUE)
    found.update(text_features(facts.subject, facts.text))
    return found


def slot(name: str) -> int:
    """The place of a feature in a model's weights; few names share one."""
    return zlib.crc32(name.encode("utf-8", "replace")) & (SLOTS - 1)
