"""The hybrid application: judged as for CVE-2025-53786, and never a pass."""

import pytest

from exward.posture.checks.hybrid_application import judge
from tests.posture.checks.inventories import inventory

HYBRID = {"Features": ["FreeBusy"]}
OWN = {"ApplicationIdentifier": "11111111-2222-3333-4444-555555555555"}
ON = {
    "ComponentName": "Global",
    "SectionName": "ExchangeOnpremAsThirdPartyAppId",
    "Parameters": ["Enabled=true"],
}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"Get-HybridConfiguration": []}, "not-applicable"),
        (
            {"Get-HybridConfiguration": HYBRID, "Get-SettingOverride": [], "Get-AuthServer": []},
            "fail",
        ),
        (
            {"Get-HybridConfiguration": HYBRID, "Get-SettingOverride": ON, "Get-AuthServer": OWN},
            "unknown",
        ),
        (
            {"Get-HybridConfiguration": HYBRID, "Get-SettingOverride": 3, "Get-AuthServer": "x"},
            "unknown",
        ),
        ({"Get-HybridConfiguration": HYBRID}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    answer = judge(inventory(areas))
    assert answer.status == status
    assert answer.reason[0].isupper()
