"""The three parts of Defender that act at once."""

import pytest

from exward.posture.checks.antivirus_real_time import judge
from tests.posture.checks.inventories import inventory

OTHER = [{"Name": "CSFalconService", "State": "Running"}]
GOOD = {
    "RealTimeProtectionEnabled": True,
    "IoavProtectionEnabled": "True",
    "BehaviorMonitorEnabled": 1,
}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Status": GOOD}}, "pass"),
        ({"defender": {"Status": {**GOOD, "IoavProtectionEnabled": "False"}}}, "fail"),
        ({"defender": {"Status": {**GOOD, "BehaviorMonitorEnabled": "maybe"}}}, "unknown"),
        ({"defender": {"Status": {}}}, "unknown"),
        (
            {
                "defender": {"Status": {**GOOD, "RealTimeProtectionEnabled": False}},
                "services": OTHER,
            },
            "unknown",
        ),
        ({"services": OTHER}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
