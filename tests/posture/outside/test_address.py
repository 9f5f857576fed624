"""Addresses of servers: exactly what the user gives, and nothing else."""

import pytest

from exward.model.errors import UsageError
from exward.posture.outside.address import Address, parse


@pytest.mark.parametrize(
    ("url", "address", "origin"),
    [
        ("https://mail.example", ("mail.example", 443, False), "https://mail.example"),
        ("https://mail.example.", ("mail.example", 443, False), "https://mail.example"),
        ("HTTPS://Mail.Example/", ("mail.example", 443, False), "https://mail.example"),
        ("https://mail.example:8443", ("mail.example", 8443, False), "https://mail.example:8443"),
        ("https://192.0.2.10", ("192.0.2.10", 443, True), "https://192.0.2.10"),
        ("https://[2001:db8::1]:444", ("2001:db8::1", 444, True), "https://[2001:db8::1]:444"),
        ("https://bücher.example", ("xn--bcher-kva.example", 443, False), None),
    ],
)
def test_what_is_an_address(url, address, origin):
    assert parse(url) == Address(*address)
    assert origin is None or parse(url).origin == origin


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", "no https address"), ("mail.example", "did you mean https://mail.example"),
        ("http://mail.example", "did you mean https://mail.example"),
        ("ftp://x", "no https address"), ("file:///etc/passwd", "no https address"),
        ("https://", "no name of a host"), ("https://mail.example:99999", "no address"),
        ("https://mail.example:x", "no address"), ("https://[::1", "no address"),
        ("https://user:secret@mail.example", "no credentials"),
        ("https://@mail.example", "no credentials"),
        ("https://mail.example/owa/", "give the server alone: https://mail.example"),
        ("https://mail.example?x=1", "give the server alone"),
        ("https://mail.example\r\nX: y", "blanks or control"), ("https://a b", "blanks"),
        ("https://mail.example\\@x", "blanks or control"), ("https://*.example", "no name"),
        ("https://10.0.0.0/24", "give the server alone"), ("https://..", "no name of a host"),
        (f"https://{'a' * 70}.example", "no name of a host"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_a_hint(url, error):
    with pytest.raises(UsageError) as raised:
        parse(url)
    assert error in str(raised.value)
    assert "secret" not in str(raised.value)
