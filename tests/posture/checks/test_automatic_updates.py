"""Policy and service of Windows updates."""

import pytest

from exward.posture.checks.automatic_updates import judge
from tests.posture.checks.inventories import inventory

KEY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU"
SERVICE = {"Name": "wuauserv", "StartMode": "Manual"}


@pytest.mark.parametrize(
    ("areas", "registry", "status"),
    [
        ({"services": SERVICE}, {KEY: {"AUOptions": 3}}, "pass"),
        ({"services": SERVICE}, {KEY: {"NoAutoUpdate": 1}}, "fail"),
        ({"services": SERVICE}, {KEY: {"AUOptions": "2"}}, "fail"),
        ({"services": {**SERVICE, "StartMode": "Disabled"}}, {KEY: {"AUOptions": 4}}, "fail"),
        ({"services": SERVICE}, {KEY: {"AUOptions": "x"}}, "unknown"),
        ({"services": SERVICE}, {KEY: None}, "unknown"),
        ({}, {KEY: {"AUOptions": 4}}, "unknown"),
        ({}, {}, "unknown"),
    ],
)
def test_what_decides(areas, registry, status):
    assert judge(inventory(areas, registry)).status == status
