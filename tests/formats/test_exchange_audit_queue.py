"""The audit queue: CSV around JSON."""

from __future__ import annotations

import csv
import io
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import exchange_audit_queue, registry
from tests.formats.memory_source import read_all

HEADER = (
    "#Software: Microsoft Exchange Server\r\n#Version: 15.02.1118.007\r\n#Log-type: audit\r\n"
    "#Date: 2026-01-05T00:00:00.000Z\r\n#Fields: " + ",".join(exchange_audit_queue.COLUMNS) + "\r\n"
)
PATH = r"\\127.0.0.1\c$\x.aspx"
CMDLET = {
    "CreationTime": "2026-01-05T03:14:09",
    "Id": "9ba6e3b6",
    "Operation": "New-MailboxExportRequest",
    "RecordType": 1,
    "ResultStatus": "True",
    "UserKey": "AUTORITE NT\\Système (MSExchangeHMHost)",
    "Workload": "Exchange",
    "ObjectId": "contoso.example/Users/ceo",
    "UserId": "AUTORITE NT\\Système (MSExchangeHMHost)",
    "OriginatingServer": "EX01 (15.02.1118.007)",
    "Parameters": [{"Name": "Mailbox", "Value": "ceo"}, {"Name": "FilePath", "Value": PATH}],
}
ITEM = {
    "Operation": "HardDelete",
    "RecordType": 3,
    "LogonType": 1,
    "MailboxOwnerUPN": "ceo@contoso.example",
    "Item": {"Subject": "secret", "ParentFolder": {"Path": "\\Inbox"}},
}


def row(data: dict | str, **other: str) -> list[str]:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    known = data if isinstance(data, dict) else {}
    columns = {
        "Timestamp": "2026-01-05T02:14:09.123Z",
        "Server": "EX01",
        "RecordType": str(known.get("RecordType", "")),
        "Data": text,
        "UserKey": str(known.get("UserKey", "")),
        "Operation": str(known.get("Operation", "")),
        "ResultStatus": str(known.get("ResultStatus", "")),
    }
    return [(columns | other).get(name, "") for name in exchange_audit_queue.COLUMNS]


def written(*rows: list[str], header: str = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return ("\ufeff" + header + text.getvalue()).encode()


def test_cmdlets():
    data = written(row(CMDLET), row(CMDLET))
    found = registry.identify(data)
    assert found is not None
    assert found.NAME == "exchange-audit-queue"
    reading = read_all(exchange_audit_queue, data)
    assert not reading.skipped
    assert reading.positions == [6, 7]
    (batch,) = reading.batches
    fields = batch.fields(0)
    wanted = {
        "Cmdlet": "New-MailboxExportRequest",
        "Parameters": f'-Mailbox "ceo" -FilePath "{PATH}"',
        "Parameter.FilePath": PATH,
        "Caller": CMDLET["UserId"],
        "Process": "MSExchangeHMHost",
        "ObjectModified": "contoso.example/Users/ceo",
        "Succeeded": "true",
        "CreationTime": "2026-01-05T03:14:09",
        "Operation": "New-MailboxExportRequest",
    }
    assert {name: fields.get(name) for name in wanted} == wanted
    assert (batch.time(0), batch.server(0)) == (1_767_579_249_123_000, "EX01")
    assert batch.types[0] == exchange_audit_queue.TYPE
    assert all(orjson.dumps(value).decode() in batch.texts[0] for value in fields.values())


def test_mailbox_access():
    (fields,) = read_all(exchange_audit_queue, written(row(ITEM))).fields
    assert (fields["LogonType"], fields["FolderPathName"]) == ("Admin", "\\Inbox")
    assert fields["ItemSubject"] == "secret"
    assert "Cmdlet" not in fields


@pytest.mark.parametrize(
    "header", [",".join(exchange_audit_queue.COLUMNS) + "\r\n", HEADER + HEADER]
)
def test_headers(header):
    data = written(row(CMDLET), header=header)
    assert exchange_audit_queue.recognises(data)
    reading = read_all(exchange_audit_queue, data)
    assert (reading.records, reading.lost) == (1, 0)


def test_other_columns_and_other_values():
    header = HEADER.replace("Version,Scope", "Version,Scope,Extra")
    (fields,) = read_all(
        exchange_audit_queue, written([*row(CMDLET, Operation="Other"), "x"], header=header)
    ).fields
    assert (fields["Extra"], fields["Operation"], fields["Data.Operation"]) == (
        "x",
        "Other",
        "New-MailboxExportRequest",
    )


class TestDamage:
    def test_broken_json_keeps_the_columns(self):
        reading = read_all(exchange_audit_queue, written(row("{broken"), row("[1]"), row("")))
        assert reading.records == 3
        assert [(one.position, one.count) for one in reading.skipped] == [(6, 0)]
        assert reading.skipped[0].reason.startswith("2 rows")

    def test_torn_end_and_short_rows(self):
        data = written(row(CMDLET), ["x", "y"], row(CMDLET), row(CMDLET))[:-40]
        reading = read_all(exchange_audit_queue, data)
        assert reading.positions == [6, 8]
        assert [one.position for one in reading.skipped] == [7, 9]


@pytest.mark.parametrize(
    "head",
    [
        b"#Software: Microsoft Exchange Server\r\n#Log-type: Message Tracking Log\r\n",
        b"#Log-type: audits\n",
        b"x #Log-type: audit\n",
        b"",
    ],
)
def test_is_none(head):
    assert not exchange_audit_queue.recognises(head)


PIECES = st.sampled_from(['"', ",", "\n", "{}", '""', "#Fields: a,b\n", ",".join(row("x")), "1"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_never_raises(text):
    reading = read_all(exchange_audit_queue, (HEADER + text).encode())
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    assert '"' in text or "#" in text or reading.records + reading.lost >= len(lines)
