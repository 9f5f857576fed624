"""Names for values that PowerShell exports without them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from exward.formats import evtx, powershell_events
from tests.formats.memory_source import read_all

SECURITY, SYSMON = powershell_events.SECURITY, powershell_events.SYSMON


def test_orders_are_those_of_real_events(corpora: Path):
    """Every event of the corpus with a known order names its values so."""
    checked = set()
    for path in sorted((corpora / "evtx-dev").rglob("*.evtx")):
        for batch in read_all(evtx, path.read_bytes()).batches:
            for text, kind in zip(batch.texts, batch.types, strict=True):
                event = orjson.loads(text)["Event"]
                names = [name for name in event.get("EventData") or () if name not in IGNORED]
                named = powershell_events.named_values(kind.channel, kind.event_id, names, "")
                if "Data" not in named and names:
                    assert list(named) == names
                    checked.add((kind.channel, kind.event_id))
    assert {(SECURITY, 4624), (SECURITY, 4688), (SECURITY, 4732), (SYSMON, 1)} <= checked


IGNORED = {"#attributes", "Binary"}


@pytest.mark.parametrize(
    ("channel", "event_id", "values", "named"),
    [
        (
            SECURITY,
            4672,
            [{"BinaryLength": 12, "Value": "S-1-5-18"}, "SYSTEM", "NT", 999, "SeDebug"],
            {
                "SubjectUserSid": "S-1-5-18",
                "SubjectUserName": "SYSTEM",
                "SubjectDomainName": "NT",
                "SubjectLogonId": "0x3e7",
                "PrivilegeList": "SeDebug",
            },
        ),
        (
            SECURITY,
            4776,
            ["MICROSOFT", "bob", "WS", -1073741715],
            {
                "PackageName": "MICROSOFT",
                "TargetUserName": "bob",
                "Workstation": "WS",
                "Status": "0xc000006d",
            },
        ),
        ("System", 7036, ["Defender", "stopped"], {"param1": "Defender", "param2": "stopped"}),
        ("Application", 1, ["a", None, 3], {"Data": ["a", "", "3"]}),
        ("Application", 1, [], {}),
        (SECURITY, 4776, ["too", "many", "values", "for", "this"], None),
    ],
)
def test_values(channel, event_id, values, named):
    found = powershell_events.named_values(channel, event_id, values, "")
    assert found == (named if named is not None else {"Data": values})


def test_message_lines():
    message = "Image loaded:\r\nRuleName: -\r\nImage: C:\\a b.exe\r\nImage: second\r\nEmpty:\r\n"
    found = powershell_events.named_values("x", 1, [], message)
    assert found == {"RuleName": "-", "Image": "C:\\a b.exe"}
