"""Transport agents and virtual directories: the same object comes out of every export."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import (
    exchange_objects,
    exchange_objects_clixml,
    exchange_objects_csv,
    exchange_objects_json,
    exchange_objects_ldif,
    registry,
)
from exward.formats.exchange_objects import TRANSPORT_AGENT, VIRTUAL_DIRECTORY
from tests.formats.memory_source import read_all

SHELL = 'http://f/<script runat="server">eval(Request["k"])</script>'
AGENT = {
    "Identity": "Content Agent",
    "Enabled": True,
    "Priority": 4,
    "TransportAgentFactory": "X.Factory",
    "AssemblyPath": r"C:\ProgramData\x.dll",
}
DIRECTORY = {
    "Name": "OAB (Default Web Site)",
    "Server": "EX01",
    "InternalUrl": "https://ex01.contoso.example/OAB",
    "ExternalUrl": SHELL,
}
DUMP = f"""version: 1

dn: CN=Protocols,CN=EX01,DC=contoso,DC=example
objectClass: protocolCfg

# the next one was changed
dn: CN=OAB (Default Web Site),CN=HTTP,CN=Protocols,CN=EX01,DC=contoso,DC=example
objectClass: msExchOABVirtualDirectory
msExchInternalHostName:: {base64.b64encode(b"https://ex01.contoso.example/OAB").decode()}
msExchExternalHostName: {SHELL[:20]}
 {SHELL[20:]}
"""


def clixml(*objects: Mapping[str, object]) -> bytes:
    def member(name: str, value: object) -> str:
        if isinstance(value, bool):
            return f'<B N="{name}">{str(value).lower()}</B>'
        tag = "I32" if isinstance(value, int) else "S"
        return f'<{tag} N="{name}">{escape(str(value))}</{tag}>'

    inner = "".join(
        f'<Obj RefId="{number}"><Props>{"".join(member(*one) for one in entry.items())}</Props>'
        "</Obj>\n"
        for number, entry in enumerate(objects)
    )
    return (
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n'
        f"{inner}</Objs>"
    ).encode()


def csv_of(entry: Mapping[str, object]) -> bytes:
    row = ",".join('"{}"'.format(str(value).replace('"', '""')) for value in entry.values())
    header = ",".join(f'"{name}"' for name in entry)
    return f"#TYPE Deserialized.Object\r\n{header}\r\n{row}\r\n".encode()


def wrapped(entry: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "schema": "exward.inventory/1",
        "area": "Get-X",
        "server": "EX01.contoso.example",
        "data": [entry],
    }


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("exchange-objects-json", json.dumps(AGENT).encode(), TRANSPORT_AGENT),
        ("exchange-objects-json", json.dumps([AGENT, AGENT], indent=2).encode(), TRANSPORT_AGENT),
        ("exchange-objects-json", json.dumps(wrapped(AGENT)).encode("utf-16"), TRANSPORT_AGENT),
        ("exchange-objects-json", json.dumps(DIRECTORY).encode(), VIRTUAL_DIRECTORY),
        ("exchange-objects-csv", csv_of(AGENT), TRANSPORT_AGENT),
        ("exchange-objects-csv", csv_of(DIRECTORY), VIRTUAL_DIRECTORY),
        ("exchange-objects-clixml", clixml(AGENT), TRANSPORT_AGENT),
        ("exchange-objects-clixml", clixml(DIRECTORY), VIRTUAL_DIRECTORY),
        ("exchange-objects-ldif", DUMP.encode(), VIRTUAL_DIRECTORY),
    ],
)
def test_every_export(name, data, kind):
    form = registry.identify(data)
    assert form is not None
    assert name == form.NAME
    reading = read_all(form, data)
    assert not reading.skipped
    assert {one for batch in reading.batches for one in batch.types} == {kind}
    for fields in reading.fields:
        if kind is TRANSPORT_AGENT:
            assert (fields["Identity"], fields["AssemblyPath"]) == (
                "Content Agent",
                r"C:\ProgramData\x.dll",
            )
            assert str(fields["Enabled"]).lower() == "true"
        else:
            assert fields["ExternalUrl"] == SHELL
            assert fields["InternalUrl"] == "https://ex01.contoso.example/OAB"


def test_the_server_is_told():
    own = read_all(exchange_objects_json, json.dumps(DIRECTORY).encode())
    collected = read_all(exchange_objects_json, json.dumps(wrapped(AGENT)).encode())
    assert [batch.server(0) for batch in (*own.batches, *collected.batches)] == [
        "EX01",
        "EX01.contoso.example",
    ]


def test_an_address_is_taken_as_it_was_written():
    entry = DIRECTORY | {
        "ExternalUrl": {"AbsoluteUri": "http://f/%3Cscript", "OriginalString": SHELL}
    }
    (fields,) = read_all(exchange_objects_json, json.dumps(entry).encode()).fields
    assert fields["ExternalUrl"] == SHELL


def test_a_column_of_a_dump_is_no_attribute_of_each_object():
    data = b"dn,cn,msExchExternalHostName\nCN=a,a,\nCN=b,b,http://198.51.100.9/\n"
    reading = read_all(exchange_objects_csv, data)
    assert [one["ExternalUrl"] for one in reading.fields] == ["http://198.51.100.9/"]
    assert reading.positions == [3]
    assert not reading.skipped


@pytest.mark.parametrize(
    "data",
    [
        b'{"ExternalUrl": "https://a/", "InternalUrl": "https://b/"}',
        b"Name,Path\na,b\n",
        b"dn is not the beginning: of an entry",
        b'<Objs Version="1.1.0.1"><S>x</S></Objs>',
    ],
)
def test_others_are_not_taken(data):
    form = registry.identify(data)
    assert form is None or not form.NAME.startswith("exchange-objects")


class TestDamage:
    def test_json_behind_a_broken_object(self):
        data = b"[" + json.dumps(AGENT).encode() + b',\n{"TransportAgentFactory": ],\n'
        reading = read_all(exchange_objects_json, data)
        assert reading.records == 1
        assert reading.lost

    def test_other_objects_are_counted(self):
        reading = read_all(exchange_objects_json, json.dumps([AGENT, {"a": 1}]).encode())
        assert (reading.records, reading.lost) == (1, 1)
        assert reading.skipped[0].reason == exchange_objects.FOREIGN

    def test_csv_row_of_another_width(self):
        reading = read_all(exchange_objects_csv, csv_of(AGENT) + b"a,b\r\n")
        assert (reading.records, reading.lost) == (1, 1)

    def test_torn_clixml(self):
        data = clixml(AGENT, DIRECTORY)
        reading = read_all(exchange_objects_clixml, data[: data.rindex(b"</Props>")])
        assert (reading.records, reading.lost) == (1, 1)

    def test_ldif_with_damaged_base64(self):
        data = b"dn: CN=a\nmsExchExternalHostName:: =a\nmsExchInternalHostName: http://a/\n"
        reading = read_all(exchange_objects_ldif, data)
        assert (reading.records, reading.lost) == (1, 1)


@given(st.lists(st.sampled_from(DUMP.splitlines(keepends=True)), max_size=12).map("".join))
def test_ldif_never_raises_and_accounts_for_all(text):
    reading = read_all(exchange_objects_ldif, text.encode())
    addresses = text.count("HostName:")
    assert reading.records <= addresses
    assert bool(addresses) <= bool(reading.records + reading.lost)


@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    for form in (
        exchange_objects_clixml,
        exchange_objects_csv,
        exchange_objects_json,
        exchange_objects_ldif,
    ):
        form.recognises(data)
        read_all(form, data)
