"""Messages that we signed ourselves, against a table instead of the DNS."""

from __future__ import annotations

import base64

import dkim
import pytest
from Cryptodome.PublicKey import RSA
from nacl.encoding import Base64Encoder
from nacl.signing import SigningKey

from exward.mail.authentication.check import Envelope, authenticate
from exward.mail.authentication.domain_policy import check_dmarc
from exward.mail.authentication.resolver import (
    KeepingResolver,
    LookupFailedError,
    NetworkResolver,
    TableResolver,
)
from exward.mail.authentication.results import Authentication, header_value, told_by
from exward.mail.authentication.sender_policy import check_spf
from exward.mail.known import Known
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from tests.mail.letters import letter

DOMAIN = "contoso.example"
ENVELOPE = Envelope("192.0.2.1", "mx.contoso.example", "bounce@mail.contoso.example")


@pytest.fixture(scope="module")
def keys():
    rsa, ed25519 = RSA.generate(1024), SigningKey.generate()
    public = base64.b64encode(rsa.public_key().export_key("DER")).decode()
    return {
        "rsa-sha256": (rsa.export_key("PEM"), f"v=DKIM1; k=rsa; p={public}"),
        "ed25519-sha256": (
            ed25519.encode(Base64Encoder),
            f"v=DKIM1; k=ed25519; p={ed25519.verify_key.encode(Base64Encoder).decode()}",
        ),
    }


def table(record, policy="v=DMARC1; p=reject"):
    return TableResolver(
        {
            ("s1._domainkey.contoso.example", "TXT"): [record.encode()],
            ("_dmarc.contoso.example", "TXT"): [policy.encode()],
            ("mail.contoso.example", "TXT"): [b"v=spf1 ip4:192.0.2.0/28 -all"],
        }
    )


def signed(keys, kind):
    raw = letter("Hello\n")
    private, record = keys[kind]
    head = dkim.sign(raw, b"s1", DOMAIN.encode(), private, signature_algorithm=kind.encode())
    return head + raw, record


class Dead:
    """A name server that does not answer."""

    asked = 0

    def lookup(self, name, kind):
        self.asked += 1
        raise LookupFailedError(name)


@pytest.mark.parametrize("kind", ["rsa-sha256", "ed25519-sha256"])
def test_a_signature_vouches_for_its_domain(keys, kind):
    raw, record = signed(keys, kind)
    found = authenticate(parse(raw), raw, table(record), None)
    assert found == Authentication(dkim=(("pass", DOMAIN),), dmarc="pass", policy="reject")


def test_a_changed_body_fails(keys):
    raw, record = signed(keys, "rsa-sha256")
    changed = raw.replace(b"Hello", b"Hallo")
    found = authenticate(parse(changed), changed, table(record), None)
    assert found.dkim[0][0] in {"fail", "permerror"}
    assert found.dmarc == "fail"


def test_arc_is_whole_until_somebody_changes_it(keys):
    private, record = keys["rsa-sha256"]
    raw = letter("Hello\n", Authentication_Results="mx.contoso.example; spf=pass")
    sealed = dkim.arc_sign(raw, b"s1", DOMAIN.encode(), private, b"mx.contoso.example")
    whole = b"".join(sealed) + raw
    assert authenticate(parse(whole), whole, table(record), None).arc == "pass"
    broken = whole.replace(b"Hello", b"Hallo")
    assert authenticate(parse(broken), broken, table(record), None).arc == "fail"


@pytest.mark.parametrize(
    ("envelope", "spf", "dmarc"),
    [
        (ENVELOPE, "pass", "pass"),
        (Envelope("192.0.2.200", "x", ENVELOPE.mail_from), "fail", "fail"),
        (Envelope("192.0.2.1", "mail.contoso.example", ""), "pass", "pass"),
        (Envelope("192.0.2.1", "x", "a@elsewhere.example"), "none", "fail"),
        (Envelope("nonsense", "x", "a@b"), "permerror", "fail"),
        (None, "none", "fail"),
    ],
)
def test_the_envelope_is_aligned_with_from(envelope, spf, dmarc):
    raw = letter("x")
    found = authenticate(parse(raw), raw, table("none"), envelope)
    assert (found.spf, found.dmarc) == (spf, dmarc)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("v=DMARC1; p=none", ("pass", "none")),
        ("v=DMARC1; p=reject; adkim=s", ("fail", "reject")),
        ("v=DMARC1; p=reject; sp=quarantine", ("pass", "reject")),
        ("v=DMARC1; rua=mailto:a@b", ("pass", "none")),
        ("v=DMARC1", ("none", "")),
        ("v=spf1", ("none", "")),
    ],
)
def test_policies(policy, expected):
    found = check_dmarc(
        DOMAIN, ("none", ""), (("pass", "mail.contoso.example"),), table("", policy)
    )
    assert found == expected


def test_a_subdomain_has_the_wish_for_subdomains():
    resolver = table("", "v=DMARC1; p=reject; sp=quarantine")
    assert check_dmarc("x.contoso.example", ("none", ""), (), resolver) == ("fail", "quarantine")


def test_a_dead_resolver_is_no_failure_of_the_sender(keys):
    raw, _ = signed(keys, "rsa-sha256")
    found = authenticate(parse(raw), raw, Dead(), ENVELOPE)
    assert (found.spf, found.dkim, found.dmarc) == (
        "temperror", (("temperror", DOMAIN),), "temperror",
    )  # fmt: skip


def test_answers_and_failures_are_kept():
    dead = Dead()
    keeping = KeepingResolver(dead)
    for _ in range(3):
        with pytest.raises(LookupFailedError):
            keeping.lookup("a.example", "TXT")
    assert dead.asked == 1


def test_a_network_without_server_is_a_failed_lookup():
    resolver = NetworkResolver(timeout_s=0.05, servers=["127.0.0.1"])
    with pytest.raises(LookupFailedError):
        resolver.lookup("a.example", "TXT")


@pytest.mark.parametrize("junk", [b"", b"DKIM-Signature: \r\n\r\n", b"DKIM-Signature: v=1; a=x; d=y"
                                  b"\r\nARC-Seal: i=1; a\r\n\r\n", b"\xff\0\r\nFrom"])  # fmt: skip
def test_junk_is_no_signature(junk):
    found = authenticate(parse(junk), junk, table("x"), None)
    assert all(result != "pass" for result, _ in found.dkim)
    assert found.arc != "pass"


TOLD = (
    "mx.contoso.example 1; spf=pass smtp.mailfrom=a@b.example; dkim=fail (x;y) header.d=B.example"
)


class TestTold:
    def test_only_by_who_is_trusted(self):
        told = told_by([TOLD], {"mx.contoso.example"})
        assert told == Authentication("pass", "b.example", (("fail", "b.example"),))
        assert told_by([TOLD], set()) is None
        assert told_by(["evil.example; dmarc=pass", TOLD], {"mx.contoso.example"}) is None

    def test_what_is_written_can_be_read(self):
        result = Authentication(
            "pass", "a.example", (("pass", "b.example"),), "pass", "reject", "fail"
        )
        assert told_by([header_value(result, "mx")], {"mx"}) == result

    @pytest.mark.parametrize(
        ("result", "expected"),
        [("dmarc=fail policy.dmarc=reject", 1), ("dmarc=pass", 0), ("spf=fail", 1)],
    )
    def test_it_counts_in_the_verdict(self, result, expected):
        settings = MailSettings(trusted_authserv_ids=frozenset({"mx"}))
        raw = letter("x", Authentication_Results=f"mx; {result}")
        judged = judge(parse(raw), "a", settings)
        assert sum(one.check == "authentication" for one in judged.reasons) == expected


def test_an_allow_list_holds_for_authentic_mail_only():
    settings = MailSettings(allow=frozenset({DOMAIN}))
    for dmarc, expected in (("pass", 1), ("fail", 0)):
        judged = judge(
            parse(letter("x")), "a", settings, Known(authentication=Authentication(dmarc=dmarc))
        )
        assert sum(one.check == "user-lists" for one in judged.reasons) == expected


def test_macros_of_spf():
    resolver = TableResolver({
        ("a.example", "TXT"): [b"v=spf1 exists:%{ir}.%{v}._spf.%{d} -all"],
        ("2.2.0.192.in-addr._spf.a.example", "A"): [b"127.0.0.2"],
    })  # fmt: skip
    assert check_spf("192.0.2.2", "x", "u@a.example", resolver) == ("pass", "a.example")
    assert check_spf("192.0.2.3", "x", "u@a.example", resolver) == ("fail", "a.example")
