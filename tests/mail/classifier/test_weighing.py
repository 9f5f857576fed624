"""Points of the model, shared out among what they were made of."""

from __future__ import annotations

import numpy as np
import pytest

from exward.mail.classifier.features import SLOTS, STRUCTURE_VALUE, slot, trait_feature
from exward.mail.classifier.model import Model
from exward.mail.classifier.structure import direction
from exward.mail.classifier.weighing import LEAST, MOST, POINTS_PER_LOG_ODDS, points, weigh
from tests.mail.letters import facts, letter

FACTS = facts(letter("Hello\n"))


def model(**weights):
    held = np.zeros(SLOTS, np.float32)
    for name, weight in weights.items():
        held[slot(trait_feature(name))] = weight / STRUCTURE_VALUE
    return Model(held, 2.0, 1.0, 0.0)


def test_each_hint_has_its_share_and_the_rest_is_words_and_form():
    weighed = weigh(FACTS, {"one", "two"}, model(one=1.0))
    assert weighed.traits["two"] == 0
    assert weighed.traits["one"] == pytest.approx(POINTS_PER_LOG_ODDS, abs=0.06)
    assert weighed.rest is not None
    whole = weighed.rest.weight + sum(weighed.traits.values())
    assert whole == pytest.approx(points(3.0), abs=0.06)


def test_what_is_left_may_be_nothing():
    still = Model(np.zeros(SLOTS, np.float32), 0.0, 1.0, 0.0)
    assert weigh(FACTS, set(), still).rest is None


def test_points_have_limits():
    assert (points(100.0), points(-100.0)) == (MOST, LEAST)


def test_a_hint_may_speak_against_a_message_only():
    assert direction(trait_feature("anything")) == 1
