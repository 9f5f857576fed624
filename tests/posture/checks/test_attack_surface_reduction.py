"""Two rules of Defender, told by two lists that belong together."""

import pytest

from exward.posture.checks.attack_surface_reduction import judge
from tests.posture.checks.inventories import inventory

RULES: dict[str, object] = {
    "AttackSurfaceReductionRules_Ids": [
        "A8F5898E-1DC8-49A9-9878-85004B8A61E6",
        "9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2",
    ]
}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        (
            {
                "defender": {
                    "Preference": RULES | {"AttackSurfaceReductionRules_Actions": [1, "AuditMode"]}
                }
            },
            "pass",
        ),
        (
            {"defender": {"Preference": RULES | {"AttackSurfaceReductionRules_Actions": [1, 0]}}},
            "fail",
        ),
        (
            {
                "defender": {
                    "Preference": {
                        "AttackSurfaceReductionRules_Ids": None,
                        "AttackSurfaceReductionRules_Actions": None,
                    }
                }
            },
            "fail",
        ),
        (
            {"defender": {"Preference": RULES | {"AttackSurfaceReductionRules_Actions": [1]}}},
            "unknown",
        ),
        ({"defender": {"Preference": {}}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
