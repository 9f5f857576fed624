"""Exchange's own probes."""

from __future__ import annotations

import pytest

from exward.incidents import monitoring
from exward.model.finding import Finding
from exward.model.severity import Severity
from tests.incidents.cases import finding

PROBE = "HealthMailbox0a1b2c3d@contoso.example"


def seen(
    account: str, source_ip: str, severity: Severity = Severity.MEDIUM, **fields: str
) -> Finding:
    return finding(
        "r",
        account=account,
        source_ip=source_ip,
        severity=severity,
        fields={"s-ip": "10.0.0.5", "c-ip": source_ip, **fields},
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.5"])
def test_a_probe_from_the_server_itself_is_explained(address: str) -> None:
    (explained,) = monitoring.explain((seen(PROBE, address),))
    assert explained.severity is Severity.INFORMATIONAL
    assert "monitoring" in explained.explained


@pytest.mark.parametrize(
    ("account", "address"),
    [
        (PROBE, "203.0.113.7"),
        (PROBE, "fe80::dead:beef"),
        (PROBE, "169.254.7.9"),
        (PROBE, ""),
        ("eve", "127.0.0.1"),
        ("HealthMailboxes-are-mine", "127.0.0.1"),
        ("xHealthMailbox0a1b", "127.0.0.1"),
    ],
)
def test_a_name_or_an_address_alone_explains_nothing(account: str, address: str) -> None:
    (kept,) = monitoring.explain((seen(account, address),))
    assert (kept.severity, kept.explained) == (Severity.MEDIUM, "")


def test_what_no_probe_does_is_never_explained() -> None:
    exported = seen(PROBE, "127.0.0.1", Cmdlet="New-MailboxExportRequest")
    called = seen(PROBE, "127.0.0.1", Severity.HIGH)
    assert monitoring.explain((exported, called)) == (exported, called)
