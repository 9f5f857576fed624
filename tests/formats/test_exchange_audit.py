"""Exports of audit logs in all forms: the same entries come out of each."""

from __future__ import annotations

import csv
import io
import json
from xml.sax.saxutils import quoteattr

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import (
    audit_records,
    exchange_audit_clixml,
    exchange_audit_csv,
    exchange_audit_json,
    exchange_audit_xml,
    registry,
)
from exward.formats.audit_records import NO_TIME, NO_VALUES, parse_time
from tests.formats.memory_source import read_all

TIME = 1_767_580_936_000_000  # 2026-01-05T02:42:16Z
PATH = r"\\127.0.0.1\c$\x.aspx"
ADMIN = {
    "RunspaceId": "9ba6e3b6-7b3a-4a39-9d6b-6a5d1c8a2f01",
    "ObjectModified": "contoso.example/Users/ceo",
    "CmdletName": "New-MailboxExportRequest",
    "CmdletParameters": [{"Name": "Mailbox", "Value": "ceo"}, {"Name": "FilePath", "Value": PATH}],
    "ModifiedProperties": [{"Name": "Flags", "OldValue": "0", "NewValue": "7"}],
    "Caller": "contoso.example/Users/Administrator",
    "Succeeded": True,
    "Error": "None",
    "RunDate": "2026-01-05T11:42:16+09:00",
    "OriginatingServer": "EX01 (15.02.1118.007)",
    "IsValid": True,
}
MAILBOX = {
    "Operation": "FolderBind",
    "OperationResult": "Succeeded",
    "LogonType": "Admin",
    "FolderPathName": "\\Inbox",
    "ClientInfoString": "Client=WebServices;x",
    "ClientIPAddress": "203.0.113.7",
    "MailboxGuid": "7a3a4a39",
    "MailboxOwnerUPN": "ceo@contoso.example",
    "LastAccessed": "2026-01-05T02:42:16Z",
    "OriginatingServer": "EX01 (15.02.1118.007)",
}
CMDLET = {
    "Cmdlet": "New-MailboxExportRequest",
    "Parameters": f'-Mailbox "ceo" -FilePath "{PATH}"',
    "Parameter.Mailbox": "ceo",
    "Parameter.FilePath": PATH,
    "ModifiedProperty.Flags": "7",
    "Caller": "contoso.example/Users/Administrator",
    "ObjectModified": "contoso.example/Users/ceo",
    "Succeeded": "true",
    "Error": None,
}
FORMATS = {
    "xml": exchange_audit_xml,
    "json": exchange_audit_json,
    "csv": exchange_audit_csv,
    "clixml": exchange_audit_clixml,
}


DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
OBJS = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def as_xml(entry: dict) -> str:
    renamed = {("Cmdlet" if name == "CmdletName" else name): value for name, value in entry.items()}
    attributes = "".join(
        f" {name}={quoteattr(str(value).lower() if isinstance(value, bool) else value)}"
        for name, value in renamed.items()
        if not isinstance(value, list)
    )
    inside = ""
    for name, child in (("CmdletParameters", "Parameter"), ("ModifiedProperties", "Property")):
        rows = [
            f"<{child} {' '.join(f'{k}={quoteattr(v)}' for k, v in one.items())} />"
            for one in entry.get(name, [])
        ]
        inside += f"<{name}>{''.join(rows)}</{name}>" if rows else ""
    return f"<Event{attributes}>{inside}</Event>" if inside else f"<Event{attributes} />"


def xml(*entries: dict) -> bytes:
    events = "\n".join(map(as_xml, entries))
    return f"{DECLARATION}\n<SearchResults>\n{events}\n</SearchResults>".encode()


def clixml_value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<B N="{name}">{str(value).lower()}</B>'
    if isinstance(value, list):
        rows = [f"<Obj><ToString>x</ToString>{properties(one)}</Obj>" for one in value]
        return f'<Obj N="{name}"><LST>{"".join(rows)}</LST></Obj>'
    kind = "DT" if name in {"RunDate", "LastAccessed"} else "S"
    return f'<{kind} N="{name}">{value}</{kind}>'


def properties(entry: dict) -> str:
    return "<Props>" + "".join(clixml_value(name, one) for name, one in entry.items()) + "</Props>"


def clixml(*entries: dict) -> bytes:
    body = [f"<Obj RefId='{n}'>{properties(one)}</Obj>" for n, one in enumerate(entries)]
    return (OBJS + "\n".join(body) + "</Objs>").encode()


def as_csv(*entries: dict, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(entries[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for one in entries:
        writer.writerow(
            {
                k: "System.Collections.ArrayList" if isinstance(v, list) else v
                for k, v in one.items()
            }
        )
    return text.getvalue().encode()


JSONS = {
    "array": json.dumps([ADMIN, ADMIN]),
    "indented": json.dumps([ADMIN, ADMIN], indent=4),
    "PowerShell 5.1": json.dumps({"value": [ADMIN, ADMIN], "Count": 2}, indent=4),
    "lines": json.dumps(ADMIN) + "\n" + json.dumps(ADMIN),
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("xml", xml(ADMIN, ADMIN)),
        ("xml", xml(ADMIN, ADMIN).decode().encode("utf-16")),
        ("xml", xml(ADMIN, ADMIN).replace(b"\n", b"")),
        ("clixml", clixml(ADMIN, ADMIN)),
        ("clixml", clixml(ADMIN, ADMIN).decode().encode("utf-16")),
        *(("json", text.encode(codec)) for text in JSONS.values() for codec in ("utf-8", "utf-16")),
    ],
)
def test_admin_audit(name, data):
    found = registry.identify(data[:65_536])
    assert found is not None
    assert f"exchange-audit-{name}" == found.NAME
    reading = read_all(FORMATS[name], data)
    assert not reading.skipped
    assert reading.records == 2
    (batch,) = reading.batches
    for index, fields in enumerate(reading.fields):
        assert {key: fields.get(key) for key in CMDLET} == CMDLET
        assert batch.types[index] == audit_records.ADMIN
        assert (batch.time(index), batch.server(index)) == (TIME, "EX01")
        text = batch.texts[index]
        assert all(orjson.dumps(value).decode() in text for value in fields.values())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "#TYPE Deserialized.X\r\n"])
def test_a_csv_without_the_parameters_says_so(delimiter, start):
    data = start.encode() + as_csv(ADMIN, ADMIN, delimiter=delimiter)
    found = registry.identify(data)
    assert found is not None
    assert found.NAME == "exchange-audit-csv"
    reading = read_all(exchange_audit_csv, data)
    wanted = {k: v for k, v in CMDLET.items() if "aram" not in k and "Modified" not in k}
    assert [{k: one.get(k) for k in wanted} for one in reading.fields] == [wanted, wanted]
    assert [(one.reason, one.count) for one in reading.skipped] == [(f"2 {NO_VALUES}", 0)]
    assert reading.fields[0]["RunDate"]


def test_a_csv_with_expanded_parameters():
    entry = ADMIN | {"CmdletParameters": '-Mailbox "ceo"', "ModifiedProperties": ""}
    reading = read_all(exchange_audit_csv, as_csv(entry))
    assert reading.fields[0]["Parameter.Mailbox"] == "ceo"
    assert not reading.skipped


def test_the_report_of_microsofts_script():
    data = (
        b'"Caller","Cmdlet","FullCommand","RunDate","ObjectModified","ModifiedProperties"\r\n'
        b'"admin","Set-Mailbox","Set-Mailbox -Identity ""the ceo"" -Hidden:$True -A b",'
        b'"1/5/2026 2:42:16 AM","ceo","Flags"\r\n'
    )
    assert exchange_audit_csv.recognises(data)
    reading = read_all(exchange_audit_csv, data)
    assert not reading.skipped
    (fields,) = reading.fields
    wanted = {"Identity": "the ceo", "Hidden": "True", "A": "b"}
    assert {name: fields.get(f"Parameter.{name}") for name in wanted} == wanted
    assert (fields["Cmdlet"], fields["Caller"]) == ("Set-Mailbox", "admin")
    assert fields["ModifiedProperties"] == "Flags"
    assert reading.batches[0].time(0) == TIME


def test_names_of_parameters_are_kept():
    entry = ADMIN | {"CmdletParameters": ["Mailbox", "FilePath"]}
    reading = read_all(exchange_audit_json, json.dumps(entry).encode())
    assert reading.fields[0]["CmdletParameters"] == ["Mailbox", "FilePath"]
    assert [one.reason for one in reading.skipped] == [f"1 {NO_VALUES}"]


def test_logon_types_and_servers_in_other_writings():
    entry = MAILBOX | {"LogonType": 2, "OriginatingServer": "EX01 (15.02.1118.007)\r\n"}
    (batch,) = read_all(exchange_audit_json, json.dumps(entry).encode()).batches
    assert (batch.fields(0)["LogonType"], batch.server(0)) == ("Delegate", "EX01")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("xml", xml(MAILBOX)),
        ("json", json.dumps(MAILBOX).encode()),
        ("csv", as_csv(MAILBOX)),
        ("clixml", clixml(MAILBOX)),
    ],
)
def test_mailbox_audit(name, data):
    found = registry.identify(data)
    assert found is not None
    assert f"exchange-audit-{name}" == found.NAME
    (batch,) = read_all(FORMATS[name], data).batches
    assert {key: batch.fields(0).get(key) for key in MAILBOX} == MAILBOX
    assert batch.types == [audit_records.MAILBOX]
    assert (batch.time(0), batch.server(0)) == (TIME, "EX01")


def test_items_of_a_mailbox_entry():
    items = '<SourceItems><Item Id="1" Subject="a" /><Item Id="2" Subject="b" /></SourceItems>'
    text = as_xml(MAILBOX | {"Owner": "ceo"}).replace(" />", f">{items}</Event>")
    (fields,) = read_all(exchange_audit_xml, f"<SearchResults>{text}".encode()).fields
    assert fields["SourceItems.Subject"] == ["a", "b"]
    assert fields["MailboxResolvedOwnerName"] == "ceo"


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-01-05T11:42:16+09:00", TIME),
        ("2026-01-05T02:42:16", TIME),
        ("1/5/2026 2:42:16 AM", TIME),
        ("01/05/2026 02:42:16", TIME),
        ("05.01.2026 02:42:16", TIME),
        ("25/12/2025 02:42:16", TIME - 11 * 86_400_000_000),
        (f"/Date({TIME // 1000})/", TIME),
        ({"value": f"/Date({TIME // 1000})/", "DateTime": "Monday"}, TIME),
        ("yesterday", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_times(value, time):
    assert parse_time(value) == time


@pytest.mark.parametrize(
    ("listed", "values", "lost"),
    [
        (None, {}, False),
        ("", {}, False),
        ([], {}, False),
        ({"Name": "A", "Value": 1}, {"A": "1"}, False),
        ({"A": True}, {"A": "True"}, False),
        ([{"Name": "A", "Value": ["x", "y"]}], {"A": "x;y"}, False),
        ([{"Name": "A", "Value": None}, {"Name": "A", "Value": "2"}], {"A": ""}, False),
        (["A", "B"], {}, True),
        ("Microsoft.Exchange.Data.MultiValuedProperty`1[x]", {}, True),
    ],
)
def test_parameters(listed, values, lost):
    assert audit_records.parameters_of(listed) == (values, lost)


def test_a_cmdlet_that_failed():
    entry = ADMIN | {"Succeeded": False, "Error": "no access", "RunDate": "?"}
    reading = read_all(exchange_audit_json, json.dumps(entry).encode())
    assert (reading.fields[0]["Succeeded"], reading.fields[0]["Error"]) == ("false", "no access")
    assert [one.reason for one in reading.skipped] == [f"1 {NO_TIME}"]


class TestDamage:
    def test_torn_files(self):
        for data, module in (
            (xml(ADMIN, ADMIN, ADMIN), exchange_audit_xml),
            (clixml(ADMIN, ADMIN, ADMIN), exchange_audit_clixml),
            (json.dumps([ADMIN] * 3).encode(), exchange_audit_json),
        ):
            reading = read_all(module, data[:-60])
            assert reading.records == 2
            assert reading.lost >= 1

    def test_a_broken_event_costs_itself(self):
        data = xml(ADMIN, ADMIN | {"Caller": "&bomb;"}, ADMIN).replace(b"&amp;bomb;", b"&bomb;")
        reading = read_all(exchange_audit_xml, data)
        assert (reading.positions, reading.lost) == ([1, 3], 1)

    def test_a_row_that_does_not_fit(self):
        lines = as_csv(ADMIN, ADMIN, ADMIN).split(b"\r\n")
        lines[2] = b'"' + lines[2]
        reading = read_all(exchange_audit_csv, b"\n".join(lines))
        assert reading.positions == [2, 4]
        assert reading.skipped[0].position == 3

    def test_other_objects_are_counted(self):
        reading = read_all(exchange_audit_json, json.dumps([ADMIN, {"a": 1}]).encode())
        assert (reading.records, reading.lost) == (1, 1)

    def test_references_that_multiply(self):
        """Ten references to an object of ten references to …: a bomb without entities."""
        levels = ""
        for n in range(100, 130):
            inner = "".join(f"<Ref N='r{k}' RefId='{n - 1}'/>" for k in range(10))
            levels += f"<Obj N='P{n}' RefId='{n}'><MS>{inner}</MS></Obj>"
        data = clixml(ADMIN).replace(b"<Props>", f"<Props>{levels}".encode(), 1)
        reading = read_all(exchange_audit_clixml, data)
        assert reading.lost


HEADS = [
    (b"<SearchResults>", "exchange-audit-xml"),
    (b"<SearchResult>", None),
    (json.dumps(ADMIN)[:600].encode(), "exchange-audit-json"),
    (b'{"CmdletName": 1}', "exchange-audit-json"),
    (b'{"Operation": "x", "LogonType": 0}', None),
    (clixml(ADMIN)[:900], "exchange-audit-clixml"),
    (b"<Objs><S>x</S></Objs>", None),
    (b"Operation,LogonType,MailboxGuid\r\n", "exchange-audit-csv"),
    (b"a,b\r\nCmdletName,x\r\n", None),
]


@pytest.mark.parametrize(("head", "name"), HEADS)
def test_recognises(head, name):
    found = registry.identify(head)
    assert (found.NAME if found else None) == name


WHOLE = {
    "xml": xml(ADMIN, MAILBOX),
    "json": JSONS["indented"].encode(),
    "csv": as_csv(ADMIN, ADMIN),
    "clixml": clixml(ADMIN, MAILBOX),
}


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3)), max_size=4),
)
def test_damage_never_raises_and_is_told(name, damage):
    data = WHOLE[name]
    for at, junk in damage:
        data = data[:at] + junk + data[at + len(junk) :]
    reading = read_all(FORMATS[name], data)
    if name == "xml" and data.count(b"<Event ") == 2:
        assert reading.records + reading.lost >= 2
