"""Whether a build has what an update brought."""

import pytest

from exward.model.posture import Precision
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from tests.posture.test_patches import reading

FIRST = ("15.1.2507.17", "15.2.986.37", "15.2.1118.21")


@pytest.mark.parametrize(
    ("number", "precision", "expected"),
    [
        ("15.2.1118.21", Precision.EXACT, True),
        ("15.2.1118.20", Precision.EXACT, False),
        ("15.2.1118.7", Precision.CU_ONLY, None),
        ("15.2.1118.21", Precision.CU_ONLY, True),
        ("15.2.1258.12", Precision.CU_ONLY, True),
        ("15.2.922.7", Precision.EXACT, False),
        ("15.1.2507.16", Precision.EXACT, False),
        ("15.0.1497.48", Precision.EXACT, False),
    ],
)
def test_each_cumulative_update_has_a_first_build(number, precision, expected):
    assert reaches(Inventory("EX01", (reading(number, precision),)), FIRST) is expected


def test_without_a_build_nothing_is_known():
    assert reaches(Inventory("EX01"), FIRST) is None
