"""Addresses, techniques and accounts as other tools want them."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.severity import Severity
from exward.reports.standard_values import (
    account_parts,
    ip_text,
    severity_number,
    technique_parts,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("203.0.113.77", "203.0.113.77"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", None),
        ("203.0.113.77:443", None),
        ("203.0.113.077", None),
        ("203.0.113.0/24", None),
        (" 203.0.113.77", None),
        ("", None),
        ("EX01", None),
        ("\ud800", None),
    ],
)
def test_ip(given, expected):
    assert ip_text(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("T1190", ("T1190", None)),
        ("T1505.003", ("T1505", "T1505.003")),
        ("T1190\n", None),
        ("t1190", None),
        ("T119", None),
        ("T11900", None),
        ("T1505.3", None),
        ("T\u0661\u0661\u0669\u0660", None),
        ("TA0001", None),
        ("", None),
    ],
)
def test_technique(given, expected):
    assert technique_parts(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("CORP\\alice", ("CORP", "alice")),
        ("alice@corp.example", ("", "alice@corp.example")),
        ("SYSTEM", ("", "SYSTEM")),
        ("CORP\\", ("", "CORP\\")),
        ("a\\b\\c", ("a", "b\\c")),
        ("", ("", "")),
    ],
)
def test_account(given, expected):
    assert account_parts(given) == expected


def test_severity_counts_from_one():
    assert [severity_number(one) for one in Severity] == [1, 2, 3, 4, 5]


@given(st.text(st.characters()))
def test_never_raises(text):
    address = ip_text(text)
    assert address is None or ip_address(address)
    assert technique_parts(text) is None or text.startswith("T")
    domain, name = account_parts(text)
    assert text in {name, f"{domain}\\{name}"}
