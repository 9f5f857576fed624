"""Tamper protection of Defender."""

import pytest

from exward.posture.checks.antivirus_tamper_protection import judge
from tests.posture.checks.inventories import inventory

OTHER = [{"Name": "CSFalconService", "State": "Running"}]


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Status": {"IsTamperProtected": "True"}}}, "pass"),
        ({"defender": {"Status": {"IsTamperProtected": False}}}, "fail"),
        ({"defender": {"Status": {"IsTamperProtected": False}}, "services": OTHER}, "unknown"),
        ({"defender": {"Status": {"IsTamperProtected": {}}}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
