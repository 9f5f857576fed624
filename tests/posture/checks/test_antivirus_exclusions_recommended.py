"""The folders that every mailbox server has."""

import pytest

from exward.posture.checks.antivirus_exclusions_recommended import judge
from tests.posture.checks.inventories import inventory

LISTS: dict[str, object] = {"ExclusionProcess": [], "ExclusionExtension": []}
# Whoever excludes the whole root excludes what is recommended as well: another check's business.
ALL = [
    "%ExchangeInstallPath%",
    "C:\\inetpub\\temp\\IIS Temporary Compressed Files",
]


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ({"defender": {"Preference": {**LISTS, "ExclusionPath": ALL}}}, "pass"),
        ({"defender": {"Preference": {**LISTS, "ExclusionPath": ["C:\\Program Files"]}}}, "fail"),
        ({"defender": {"Preference": {**LISTS, "ExclusionPath": None}}}, "fail"),
        (
            {
                "defender": {
                    "Preference": {**LISTS, "ExclusionPath": "N/A: Must be an administrator"}
                }
            },
            "unknown",
        ),
        ({"defender": {"Preference": {**LISTS, "ExclusionPath": [{"a": 1}]}}}, "unknown"),
        ({"services": {"Name": "ekrn", "State": "Running"}}, "unknown"),
        ({"Get-ExchangeServer": {"ServerRole": "Edge"}}, "not-applicable"),
        ({}, "unknown"),
    ],
)
def test_what_decides(areas, status):
    assert judge(inventory(areas)).status == status
