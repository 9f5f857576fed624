"""All features of a message, by names that a person can read."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from exward.mail.classifier.structure import structure_features
from exward.mail.classifier.words import text_features
from exward.mail.facts import Facts

VERSION = 5
"""Raised when a feature changes its meaning; a model holds for one version only."""
SLOTS = 1 << 20
STRUCTURE_VALUE = 0.5


def features(facts: Facts, traits: Iterable[str] = ()) -> dict[str, float]:
    """The features of a message with their values; `traits` are what checks gave as hints."""
    found = dict.fromkeys(structure_features(facts), STRUCTURE_VALUE)
    found.update(dict.fromkeys(map(trait_feature, traits), STRUCTURE_VALUE))
    found.update(text_features(facts))
    return found


def trait_feature(trait: str) -> str:
    """The feature that a hint is; it may speak against a message only."""
    return f"sign: {trait}"


def slot(name: str) -> int:
    """The place of a feature in a model's weights; few names share one."""
    return zlib.crc32(name.encode("utf-8", "replace")) & (SLOTS - 1)
