"""Which values of a finding tie it to others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents.joins import JOIN_FIELDS, Kind, own_addresses_of, values_of
from tests.incidents.cases import finding

Expected = set[tuple[str, str]]


def found(fields: dict[str, str], **changes: Any) -> Expected:
    one = finding("x", fields=fields, **changes)
    return {(value.kind.name, value.text) for value in values_of(one, frozenset({"10.0.0.5"}))}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"c-ip": "10.0.0.7"}, {("PRIVATE_ADDRESS", "10.0.0.7")}),
        ({"c-ip": "fd00::7"}, {("PRIVATE_ADDRESS", "fd00::7")}),
        ({"c-ip": "203.0.113.7"}, {("PUBLIC_ADDRESS", "203.0.113.7")}),
        ({"IpAddress": "::ffff:192.168.1.4"}, {("PRIVATE_ADDRESS", "192.168.1.4")}),
        ({"c-ip": "127.0.0.1", "IpAddress": "-", "SourceIp": "10.0.0.5"}, set()),
        ({"DestinationIp": "8.8.8.8"}, {("REMOTE_ADDRESS", "8.8.8.8")}),
        ({"DestinationIp": "10.1.1.1"}, set()),
        ({"DestinationIp": "224.0.0.251"}, set()),
        ({"DestinationIp": "fe80::1%4"}, set()),
        ({"SubjectUserName": r"CONTOSO\J.Doe"}, {("ACCOUNT", "j.doe")}),
        ({"cs-username": "j.doe@contoso.example"}, {("ACCOUNT", "j.doe")}),
        ({"TargetUserName": "Administrator"}, {("LOCAL_ACCOUNT", "administrator")}),
        ({"User": r"NT AUTHORITY\SYSTEM"}, set()),
        ({"User": "AUTORITE NT\\Système"}, set()),
        ({"User": r"IIS APPPOOL\MSExchangeOWAAppPool"}, set()),
        ({"SubjectUserName": "S-1-5-18"}, set()),
        ({"TargetUserName": "Administrators"}, set()),
        ({"SubjectUserName": "EX01$"}, set()),
        ({"SubjectUserName": "EX02$"}, {("ACCOUNT", "ex02$")}),
        ({"cs-username": "HealthMailbox1a2b@contoso.example"}, set()),
        ({"cs-uri-stem": "/aspnet_client/a.aspx"}, {("PATH", "/aspnet_client/a.aspx")}),
        ({"cs-uri-stem": "/owa/auth/logon.aspx"}, set()),
        ({"TargetFilename": r"C:\Windows\Temp\a.dll"}, {("PATH", "/windows/temp/a.dll")}),
        ({"Image": r"C:\Windows\System32\cmd.exe"}, set()),
        ({"Image": r"C:\Users\b\x.exe"}, {("PATH", "/users/b/x.exe")}),
        ({"Hashes": "SHA256=" + "A1" * 32, "Image": r"C:\Windows\System32\cmd.exe"}, set()),
        (
            {"Hashes": "MD5=" + "B" * 32 + ",SHA256=" + "A1" * 32, "Image": r"C:\T\x.exe"},
            {("PATH", "/t/x.exe"), ("HASH", "b" * 32)},
        ),
        ({"ProcessGuid": "{747f3d96-1c70}"}, {("PROCESS", "{747F3D96-1C70}")}),
        ({"ProcessGuid": "{00000000-0000-0000-0000-000000000000}"}, set()),
        ({"ParentProcessGuid": "{7}", "ParentImage": r"C:\Windows\explorer.exe"}, set()),
        (
            {"ParentProcessGuid": "{7}", "ParentImage": r"C:\Windows\System32\inetsrv\w3wp.exe"},
            {("PROCESS", "{7}")},
        ),
        ({"SubjectLogonId": "0x3e7", "TargetLogonId": "0x0", "LogonId": "junk"}, set()),
        ({"LogonId": "0x1D313D"}, {("SESSION", "0x1d313d")}),
        ({"NewProcessId": "0xa28", "ProcessId": "4"}, {("PROCESS_ID", "2600")}),
        ({"ProcessId": "712", "ProcessName": r"C:\Windows\System32\lsass.exe"}, set()),
        ({"ProcessId": "٣٤٥", "CommandLine": "8.8.8.8"}, set()),
    ],
)
def test_values(fields: dict[str, str], expected: Expected) -> None:
    assert found(fields) == expected


def test_account_and_address_of_the_finding_count() -> None:
    expected = {("ACCOUNT", "eve"), ("PUBLIC_ADDRESS", "8.8.8.8")}
    assert found({}, account="eve", source_ip="8.8.8.8") == expected


def test_own_addresses() -> None:
    assert list(own_addresses_of(finding("x", fields={"s-ip": "10.0.0.5"}))) == ["10.0.0.5"]
    assert list(own_addresses_of(finding("x", fields={"s-ip": "-"}))) == []


def test_most_windows_that_end_are_those_of_weak_values() -> None:
    assert all(kind.value.window is not None for kind in Kind if not kind.value.strong)


@given(st.dictionaries(st.sampled_from(JOIN_FIELDS), st.text()))
def test_never_raises(fields: dict[str, str]) -> None:
    found(fields)
