"""What each check says of what was seen."""

import dataclasses
import datetime

import pytest

from exward.model.posture import Precision
from exward.model.severity import Severity
from exward.posture.build import Build
from exward.posture.inventory import BuildReading
from exward.posture.outside.checks.registry import checks
from exward.posture.outside.endpoints import ENDPOINTS
from exward.posture.outside.seen import Certificate, Reply, Seen, Tls

DAY = datetime.date(2026, 11, 1)
CHECKS = {one.ID.removeprefix("outside-"): one for one in checks()}
AT = "https://mail.example"


def at(days):
    return datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC) + datetime.timedelta(days)


HELD = Certificate(
    "CN=mail.example", "CN=Some CA", ("mail.example",), at(-9), at(300), "RSA", 2048, "sha256",
    False, "ab" * 32,
)  # fmt: skip
TLS = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", HELD, "", {"TLS 1.0": False, "TLS 1.1": False})


def judged(name, *, tls=TLS, builds=(), **replies):
    given = {one.name: () for one in ENDPOINTS} | replies
    answer = CHECKS[name].judge(Seen("mail.example", AT, True, DAY, tls, given, builds))
    return answer.status.value, answer.severity, answer.reason


def said(status=401, *headers):
    named = tuple(tuple(header.split(": ", 1)) for header in headers)
    return (Reply(f"{AT}/x", status, (("X-FEServer", "EX01"), *named)),)


def held(**changes):
    return dataclasses.replace(TLS, certificate=dataclasses.replace(HELD, **changes))


@pytest.mark.parametrize(
    ("name", "reply", "status"),
    [
        ("ecp", said(302, "Location: /owa/auth/logon.aspx"), "fail"), ("ecp", said(403), "pass"),
        ("powershell", said(401), "fail"), ("powershell", said(404), "pass"),
        ("ews", said(401, "WWW-Authenticate: NTLM"), "not-applicable"), ("ews", said(404), "pass"),
        ("autodiscover", said(401), "not-applicable"), ("mapi", said(401), "not-applicable"),
        ("oab", said(401), "not-applicable"), ("activesync", said(401), "not-applicable"),
        ("owa", said(200), "not-applicable"), ("owa", said(502), "unknown"),
    ],
)  # fmt: skip
def test_services(name, reply, status):
    found, severity, reason = judged(name, **{name: reply})
    assert (found, severity) == (status, None)
    assert f"answers {reply[0].status}" in reason


@pytest.mark.parametrize(
    ("name", "tls", "status", "severity", "reason"),
    [
        ("tls-1-0", TLS, "pass", None, "TLS 1.0 is refused."),
        ("tls-1-0", dataclasses.replace(TLS, accepts={"TLS 1.0": True}), "fail", None, "agreed"),
        ("tls-1-1", dataclasses.replace(TLS, accepts={}), "unknown", None, "could not be tried"),
        ("tls-1-2", TLS, "pass", None, "TLSv1.3 with TLS_AES_256_GCM_SHA384"),
        ("tls-1-2", dataclasses.replace(TLS, protocol="TLSv1.1"), "fail", None, "TLSv1.1"),
        ("cipher", TLS, "pass", None, "TLS_AES_256"),
        ("cipher", dataclasses.replace(TLS, cipher="ECDHE-RSA-AES256-SHA"), "pass", None, "ECDHE"),
        ("cipher", dataclasses.replace(TLS, cipher="AES256-SHA"), "fail", Severity.LOW, "AES256"),
        ("cipher", dataclasses.replace(TLS, cipher="DES-CBC3-SHA"), "fail", None, "is broken"),
        ("certificate-trust", TLS, "pass", None, "Trusted here. Subject CN=mail.example, issued"),
        ("certificate-trust", dataclasses.replace(TLS, distrust=None), "unknown", None, "tried"),
        ("certificate-trust", dataclasses.replace(TLS, distrust="certificate has expired"), "fail",
         None, "Not trusted here: certificate has expired; read all the same."),
        ("certificate-trust", dataclasses.replace(TLS, distrust="x", certificate=None), "fail",
         None, "cannot be read"),
        ("certificate-trust", held(is_self_issued=True, names=tuple("abcdefghij")), "pass", None,
         "issued by itself, for a, b, c, d, e, f, g, h and 2 more"),
        ("certificate-ends", TLS, "pass", None, "in 300 days"),
        ("certificate-ends", held(ends=at(31)), "pass", None, "in 31 days"),
        ("certificate-ends", held(ends=at(30)), "fail", Severity.LOW, "in 30 days"),
        ("certificate-ends", held(ends=at(7)), "fail", Severity.MEDIUM, "in 7 days"),
        ("certificate-ends", held(ends=at(0)), "fail", Severity.MEDIUM, "in 0 days"),
        ("certificate-ends", held(ends=at(-1)), "fail", None, "It ended on 2026-10-31"),
        ("certificate-ends", held(begins=at(2)), "fail", None, "begins on 2026-11-03 only"),
        ("certificate-key", TLS, "pass", None, "RSA key of 2048 bits, signed with sha256"),
        ("certificate-key", held(key_bits=1024), "fail", None, "RSA key of 1024 bits"),
        ("certificate-key", held(key="ECC secp192r1", key_bits=192), "fail", None, "192 bits"),
        ("certificate-key", held(key="DSA", key_bits=None), "fail", None, "DSA key"),
        ("certificate-key", held(signed_with="sha1"), "fail", None, "signed with SHA1"),
        ("certificate-key", held(signed_with="sha1", is_self_issued=True), "pass", None, "sha1"),
        ("certificate-key", held(key="Ed25519", key_bits=None, signed_with=""), "pass", None,
         "Ed25519 key, signed with Ed25519."),
    ],
)  # fmt: skip
def test_what_tls_tells(name, tls, status, severity, reason):
    found = judged(name, tls=tls)
    assert found[:2] == (status, severity)
    assert reason in found[2]


def test_an_address_proves_no_name():
    seen = Seen("192.0.2.1", "https://192.0.2.1", False, DAY, TLS, {})
    assert "Its names were not compared" in CHECKS["certificate-trust"].judge(seen).reason


@pytest.mark.parametrize(
    ("name", "headers", "status", "reason"),
    [
        ("hsts", ("Strict-Transport-Security: max-age=31536000; includeSubDomains",), "pass", ""),
        ("hsts", ('Strict-Transport-Security: includeSubDomains; MAX-AGE="15552000"',), "pass", ""),
        ("hsts", ("Strict-Transport-Security: max-age=3600",), "fail", "max-age=3600"),
        ("hsts", ("Strict-Transport-Security: x",), "fail", "is x"),
        ("hsts", (), "fail", "no header"),
        ("page-headers", ("X-Frame-Options: DENY", "X-Content-Type-Options: nosniff"), "pass", ""),
        ("page-headers", ("Content-Security-Policy: frame-ancestors 'self'",), "fail", "nosniff"),
        ("page-headers", ("X-Content-Type-Options: nosniff",), "fail", "frame-ancestors"),
        ("banner", ("X-AspNet-Version: 4.0.30319",), "fail", "4.0.30319, X-FEServer: EX01"),
        ("banner", ('WWW-Authenticate: Basic realm="10.0.0.5"',), "fail", "10.0.0.5"),
    ],
)
def test_headers_of_the_sign_in_page(name, headers, status, reason):
    found = judged(name, owa=said(200, *headers))
    assert found[0] == status
    assert reason in found[2]


def test_headers_of_what_is_no_page_are_not_judged():
    assert judged("page-headers", owa=said(302))[0] == "unknown"


def test_an_answer_may_tell_nothing():
    assert judged("banner", owa=(Reply(AT, 200, ()),))[0] == "pass"


def test_basic_sign_in():
    every = {one.name: said(401, "WWW-Authenticate: NTLM") for one in ENDPOINTS}
    basic = said(401, "WWW-Authenticate: Negotiate", 'WWW-Authenticate: basic realm="x"')
    assert judged("basic", **every)[0] == "pass"
    assert judged("basic", **every | {"activesync": basic})[0] == "pass"
    assert judged("basic", **every | {"ews": ()})[::2] == (
        "unknown", "Not known: /EWS/Exchange.asmx was not answered.",
    )  # fmt: skip
    assert judged("basic", **every | {"ews": basic, "oab": ()})[::2] == (
        "fail", "/EWS/Exchange.asmx offers Basic.",
    )  # fmt: skip


def told(number, precision=Precision.EXACT):
    return BuildReading(Build(15, 2, 1118, number), precision, "X-OWA-Version", AT)


@pytest.mark.parametrize(
    ("builds", "status", "reason"),
    [
        ((told(20), told(20)), "pass", "tells 15.2.1118.20"),
        ((told(20), told(9)), "fail", "15.2.1118.9, 15.2.1118.20; the oldest is judged. Servers:"),
        ((told(None, Precision.CU_ONLY),), "unknown", "whole build"),
    ],
)
def test_one_build(builds, status, reason):
    found = judged("one-build", builds=builds, owa=said(200))
    assert found[0] == status
    assert reason in found[2]
