"""The example of RFC 8463, appendix A: one message, an Ed25519 and an RSA signature, their keys."""

from __future__ import annotations

import pytest

from exward.mail.authentication.resolver import TableResolver
from exward.mail.authentication.signatures import check_dkim

ED25519 = b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RSA = (
    b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
    b"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    b"DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
    b"Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
)
BY_ED25519 = (
    b"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    b" d=football.example.com; i=@football.example.com;\r\n"
    b" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    b" subject : date : message-id : from : subject : date;\r\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    b" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    b" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
)
BY_RSA = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
    b" d=football.example.com; i=@football.example.com;\r\n"
    b" q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
    b" date : message-id : from : subject : date;\r\n"
    b" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    b" b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
    b" DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
    b" dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
)
MESSAGE = (
    b"From: Joe SixPack <joe@football.example.com>\r\n"
    b"To: Suzie Q <suzie@shopping.example.net>\r\n"
    b"Subject: Is dinner ready?\r\n"
    b"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    b"\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
)
DOMAIN = "football.example.com"
KEYS = TableResolver({
    (f"brisbane._domainkey.{DOMAIN}", "TXT"): [ED25519],
    (f"test._domainkey.{DOMAIN}", "TXT"): [RSA],
})  # fmt: skip


@pytest.mark.parametrize("signatures", [BY_ED25519, BY_RSA, BY_ED25519 + BY_RSA])
def test_the_example_is_right(signatures):
    found = check_dkim(signatures + MESSAGE, KEYS)
    assert found == (("pass", DOMAIN),) * signatures.count(b"DKIM-Signature")


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"hungry", b"thirsty"), (b"Joe SixPack", b"Eve"), (b"b=/gCr", b"b=/gCs"),
     (b"To: Suzie", b"Subject: Another\r\nTo: Suzie")],
)  # fmt: skip
def test_what_was_changed_is_seen(before, after):
    changed = (BY_ED25519 + MESSAGE).replace(before, after)
    assert changed != BY_ED25519 + MESSAGE
    assert check_dkim(changed, KEYS)[0][0] != "pass"


@pytest.mark.parametrize(
    "key",
    [ED25519.replace(b"k=ed25519", b"k=rsa"), ED25519.replace(b"11qY", b"11qZ"),
     b"v=DKIM1; k=ed25519; p=", b"v=DKIM1; k=ed25519; p=QUJD", RSA],
)  # fmt: skip
def test_a_key_of_another_kind_or_length(key):
    keys = TableResolver({(f"brisbane._domainkey.{DOMAIN}", "TXT"): [key]})
    assert check_dkim(BY_ED25519 + MESSAGE, keys)[0][0] != "pass"
