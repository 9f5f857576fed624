"""SMB 1: setting, registry, feature, in this order."""

import pytest

from exward.posture.checks.smb_1 import judge
from exward.posture.inventory import Area, Inventory, Key
from exward.posture.row import Row

KEY = r"hklm\system\currentcontrolset\services\lanmanserver\parameters"


@pytest.mark.parametrize(
    ("smb", "registry", "features", "status"),
    [
        ({"EnableSMB1Protocol": True}, 0, [], "fail"),
        ({"EnableSMB1Protocol": "False"}, 1, [], "pass"),
        ({}, 1, [], "fail"),
        ({"EnableSMB1Protocol": None}, 0, None, "pass"),
        (None, None, {"Name": "FS-SMB1", "Installed": True}, "fail"),
        (None, None, [{"Name": "Web-Server", "Installed": True}], "pass"),
        (None, None, [], "pass"),
        (None, None, None, "unknown"),
    ],
)
def test_what_decides(smb, registry, features, status):
    areas = {"smb": smb, "features": features}
    inventory = Inventory(
        "EX01",
        areas={name: Area(value, "x") for name, value in areas.items() if value is not None},
        registry={} if registry is None else {KEY: Key(True, Row({"SMB1": registry}))},
    )
    assert judge(inventory).status == status
