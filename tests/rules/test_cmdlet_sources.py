"""One rule on cmdlets meets every log that shows them; its like stays away from what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.rules import single
from tests.formats import test_exchange_audit as exports
from tests.formats import test_exchange_audit_queue as queue
from tests.formats import test_exchange_management as management
from tests.formats import test_windows_csv as events_csv
from tests.formats import test_windows_xml as events_xml

RULE = """
title: Mailbox Exported To A Script
id: 6f0a3a0e-5f31-4a58-9d0c-0b8f0b1a1b15
logsource:
    category: exchange_cmdlet
detection:
    selection:
        Cmdlet: New-MailboxExportRequest
        Parameter.FilePath|endswith: .aspx
        Succeeded: 'true'
    condition: selection
level: high
"""
PROVIDER, CHANNEL = "MSExchange CmdletLogs", "MSExchange Management"
DATA = "".join(f"<Data>{value}</Data>" for value in management.VALUES[:2])
GLUED = {"EventData": {"Data": ", ".join(management.VALUES)}}


def xml_event(number: str) -> bytes:
    text = events_xml.event(1, f"<EventData>{DATA}</EventData>", PROVIDER, CHANNEL)
    return text.replace("4625", number).encode()


def csv_event(number: str) -> bytes:
    changed = {"EventId": number, "Provider": PROVIDER, "Channel": CHANNEL}
    return events_csv.written(events_csv.row(1, GLUED) | changed)


FAILED = exports.ADMIN | {"Succeeded": False}
FILES = {
    "admin.xml": (exports.xml(exports.ADMIN), exports.xml(FAILED)),
    "admin.json": (exports.JSONS["lines"].encode(), b'{"CmdletName": "x"}'),
    "admin.clixml": (exports.clixml(exports.ADMIN), exports.clixml(FAILED)),
    "audit.LOG": (
        queue.written(queue.row(queue.CMDLET)),
        queue.written(queue.row(queue.CMDLET | {"ResultStatus": "False"})),
    ),
    "events.xml": (xml_event("1"), xml_event("6")),
    "events.csv": (csv_event("1"), csv_event("6")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_rule_meets(name, tmp_path: Path):
    (tmp_path / "rule.yml").write_text(RULE, "utf-8")
    succeeded, failed = FILES[name]
    for data, hits in ((succeeded, True), (failed, False)):
        (tmp_path / name).write_bytes(data)
        found = single.count_hits([str(tmp_path / "rule.yml")], False, tmp_path / name)
        assert bool(found) is hits
