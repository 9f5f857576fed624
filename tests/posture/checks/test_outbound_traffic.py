"""Outbound traffic: a firewall in front does not show, so that nothing ever fails."""

import pytest

from exward.posture.checks.outbound_traffic import judge
from tests.posture.checks.inventories import inventory


@pytest.mark.parametrize(
    ("profiles", "status"),
    [
        ([{"Name": "Domain", "Enabled": True, "DefaultOutbound": "Block"}], "pass"),
        ({"Name": "Domain", "Enabled": "False", "DefaultOutbound": "Block"}, "unknown"),
        ([{"Name": "Domain", "Enabled": True, "DefaultOutbound": "Allow"}], "unknown"),
        ([{"Name": "Domain", "Enabled": {}, "DefaultOutbound": []}], "unknown"),
        (["System.Object[]"], "unknown"),
        ([], "unknown"),
    ],
)
def test_what_decides(profiles, status):
    assert judge(inventory({"firewall": profiles})).status == status


def test_nothing_was_collected():
    assert judge(inventory()).status == "unknown"
