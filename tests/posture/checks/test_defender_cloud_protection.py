"""MAPSReporting as number and as name."""

import pytest

from exward.posture.checks.defender_cloud_protection import judge
from tests.posture.checks.inventories import inventory

OTHER = [{"Name": "CSFalconService", "State": "Running"}]


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Preference": {"MAPSReporting": 2}}}, "pass"),
        ({"defender": {"Preference": {"MAPSReporting": "Basic"}}}, "pass"),
        ({"defender": {"Preference": {"MAPSReporting": 0}}}, "fail"),
        ({"defender": {"Preference": {"MAPSReporting": 0}}, "services": OTHER}, "unknown"),
        ({"defender": {"Preference": {"MAPSReporting": "x"}}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
