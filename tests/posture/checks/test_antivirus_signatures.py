"""Age of the signatures when they were collected."""

import pytest

from exward.posture.checks.antivirus_signatures import judge
from tests.posture.checks.inventories import inventory


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"AntivirusSignatureLastUpdated": "2026-11-23T02:00:00Z"}, "pass"),
        ({"AntivirusSignatureLastUpdated": "/Date(1795300000000)/"}, "fail"),
        ({"AntivirusSignatureAge": 3}, "pass"),
        ({"AntivirusSignatureAge": "4"}, "fail"),
        ({"AntivirusSignatureAge": 65535}, "fail"),
        ({"AntivirusSignatureLastUpdated": "2030-01-01T00:00:00Z"}, "unknown"),
        ({"AntivirusSignatureLastUpdated": "yesterday"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_decides(said, status):
    assert judge(inventory({"defender": {"Status": said}})).status == status


def test_another_product_is_asked_in_its_console():
    services = {"Name": "SentinelAgent", "State": "Running"}
    old = {"Status": {"AntivirusSignatureAge": 90}}
    assert judge(inventory({"services": services})).status == "unknown"
    assert judge(inventory({"services": services, "defender": old})).status == "unknown"
