"""The four exclusions of before 2023."""

import pytest

from exward.posture.checks.antivirus_exclusions_withdrawn import judge
from tests.posture.checks.inventories import inventory

NONE: dict[str, object] = {
    "ExclusionPath": [],
    "ExclusionProcess": [],
    "ExclusionExtension": [],
}


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Preference": {**NONE, "ExclusionPath": "C:\\Elsewhere"}}}, "pass"),
        (
            {
                "defender": {
                    "Preference": {**NONE, "ExclusionPath": r"%SystemRoot%\System32\Inetsrv"}
                }
            },
            "fail",
        ),
        (
            {
                "defender": {
                    "Preference": {
                        **NONE,
                        "ExclusionProcess": [r"C:\Windows\System32\inetsrv\w3wp.exe"],
                    }
                }
            },
            "fail",
        ),
        ({"defender": {"Preference": {**NONE, "ExclusionProcess": ["@{a=b}"]}}}, "unknown"),
        ({"services": {"Name": "ekrn", "State": "Running"}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
