"""The Sender Id Agent: without it a gateway may check, so that nothing ever fails."""

import pytest

from exward.posture.checks.sender_checks import judge
from tests.posture.checks.inventories import inventory


@pytest.mark.parametrize(
    ("agents", "status"),
    [
        ([{"Identity": "Sender Id Agent", "Enabled": "True"}], "pass"),
        ({"Identity": "Sender Id Agent", "Enabled": False}, "unknown"),
        ({"Identity": "Sender Id Agent", "Enabled": "perhaps"}, "unknown"),
        (["System.Object[]"], "unknown"),
        ([], "unknown"),
    ],
)
def test_what_decides(agents, status):
    assert judge(inventory({"Get-TransportAgent": agents})).status == status


def test_nothing_was_collected():
    assert judge(inventory()).status == "unknown"
