"""Settings of policy, registry and preferences."""

import pytest

from exward.posture.checks.defender_switched_off import judge
from tests.posture.checks.inventories import inventory

OTHER = [{"Name": "CSFalconService", "State": "Running"}]

KEYS = [
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender",
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Real-Time Protection",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Real-Time Protection",
]
CLEAN: dict[str, dict[str, object] | None] = {
    **dict.fromkeys(KEYS),
    KEYS[1]: {"DisableAntiSpyware": 0},
}
ON = {
    "DisableRealtimeMonitoring": False,
    "DisableScriptScanning": "False",
    "DisableBehaviorMonitoring": 0,
    "DisableIOAVProtection": False,
}


@pytest.mark.parametrize(
    ("areas", "registry", "status"),
    [
        ({"defender": {"Preference": ON}}, CLEAN, "pass"),
        ({"defender": {"Preference": {**ON, "DisableScriptScanning": "True"}}}, CLEAN, "fail"),
        ({"defender": {"Preference": ON}}, {**CLEAN, KEYS[0]: {"DisableAntiSpyware": 1}}, "fail"),
        (
            {"defender": {"Preference": ON}, "services": OTHER},
            {**CLEAN, KEYS[0]: {"DisableAntiSpyware": 1}},
            "unknown",
        ),
        (
            {"defender": {"Preference": ON}},
            {**CLEAN, KEYS[0]: {"DisableAntiSpyware": "x"}},
            "unknown",
        ),
        ({"defender": {"Preference": {}}}, CLEAN, "unknown"),
        ({"defender": {"Preference": ON}}, {}, "unknown"),
        ({}, {}, "unknown"),
    ],
)
def test_what_decides(areas, registry, status):
    assert judge(inventory(areas, registry)).status == status
