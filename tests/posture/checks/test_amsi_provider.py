"""Who listens to AMSI."""

import pytest

from exward.posture.checks.amsi_provider import judge
from tests.posture.checks.inventories import inventory

KEY = r"HKLM\SOFTWARE\Microsoft\AMSI\Providers"
DEFENDER = KEY + r"\{2781761E-28E0-4109-99FE-B9D127C57AFE}"


@pytest.mark.parametrize(
    ("areas", "registry", "status"),
    [
        ({"defender": {"Preference": {"DisableScriptScanning": False}}}, {DEFENDER: {}}, "pass"),
        ({}, {f"{KEY}\\{{other}}": {}, DEFENDER: {}}, "pass"),
        ({"defender": {"Preference": {"DisableScriptScanning": 1}}}, {DEFENDER: {}}, "fail"),
        ({}, {KEY: {}}, "fail"),
        ({}, {DEFENDER: {}}, "unknown"),
        ({"defender": {"Preference": {"DisableScriptScanning": []}}}, {DEFENDER: {}}, "unknown"),
        ({}, {}, "unknown"),
    ],
)
def test_what_decides(areas, registry, status):
    assert judge(inventory(areas, registry)).status == status
