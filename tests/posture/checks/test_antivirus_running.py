"""Defender runs, does not run, or leaves its place to another product."""

import pytest

from exward.posture.checks.antivirus_running import judge
from tests.posture.checks.inventories import inventory

OTHER = [{"Name": "CSFalconService", "State": "Running"}]
GOOD = {"AMServiceEnabled": "True", "AntivirusEnabled": True, "AMRunningMode": "Normal"}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Status": GOOD}}, "pass"),
        ({"defender": {"Status": {**GOOD, "AMServiceEnabled": False}}}, "fail"),
        ({"defender": {"Status": {**GOOD, "AMRunningMode": "Passive Mode"}}}, "fail"),
        (
            {"defender": {"Status": {**GOOD, "AMRunningMode": "Passive Mode"}}, "services": OTHER},
            "unknown",
        ),
        (
            {"defender": {"Status": {"AMServiceEnabled": "yes", "AntivirusEnabled": True}}},
            "unknown",
        ),
        ({"defender": {"Status": "@{AMServiceEnabled=True}"}}, "unknown"),
        ({"services": {"Name": "WinDefend", "State": "Stopped"}}, "fail"),
        ({"services": [{"Name": "W3SVC", "State": "Running"}]}, "fail"),
        ({"services": {"Name": "WinDefend", "State": "Running"}}, "unknown"),
        ({"services": OTHER}, "unknown"),
        ({"services": ["System.Object[]"]}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
