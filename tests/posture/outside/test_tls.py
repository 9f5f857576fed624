"""Certificates of all sorts, read over TLS."""

import datetime

import pytest

from exward.posture.outside import tls
from exward.posture.outside.address import parse
from exward.posture.outside.get import get
from exward.posture.outside.visit import Visit
from tests.posture.outside.server import NO_PAUSE, Exchange, Made, certificate, serving

TODAY = datetime.datetime.now(datetime.UTC).date()
SE = Exchange("15.2.2562.46", "15.2.2562")


@pytest.mark.parametrize(
    ("made", "key", "bits", "why"),
    [
        (Made(), "RSA", 2048, "self-signed certificate"),
        (Made(bits=1024), "RSA", 1024, "self-signed certificate"),
        (Made(curve=True), "ECC secp256r1", 256, "self-signed certificate"),
        (Made(begins=-20, ends=-5), "RSA", 2048, "self-signed certificate"),
        (Made(names=("a.example", "10.0.0.5")), "RSA", 2048, "self-signed certificate"),
    ],
)
def test_what_stands_in_a_certificate(made, key, bits, why, tmp_path):
    made_pem = certificate(tmp_path, made, TODAY)
    with serving(SE, pem=made_pem, lax=True) as served:
        visit = Visit(parse(served.url), NO_PAUSE)
        _, line = get(visit, tls.reading(), "/owa/")
        distrust = tls.distrust(visit)
    held = tls.certificate(line.der)
    assert held is not None
    assert (held.key, held.key_bits, held.signed_with) == (key, bits, "sha256")
    assert (held.subject, held.issuer, held.is_self_issued) == ("CN=EX01", "CN=EX01", True)
    assert (held.ends.date() - TODAY).days == made.ends
    assert held.names == made.names
    assert distrust == why


def test_a_trusted_certificate_that_has_ended_is_not(tmp_path, monkeypatch):
    pem = certificate(tmp_path, Made(begins=-20, ends=-5), TODAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with serving(SE, pem=pem) as served:
        assert tls.distrust(Visit(parse(served.url), NO_PAUSE)) == "certificate has expired"


def test_a_trusted_certificate_for_another_name_is_not(tmp_path, monkeypatch):
    pem = certificate(tmp_path, Made(names=("mail.example",)), TODAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with serving(SE, pem=pem) as served:
        by_name = Visit(parse(served.url.replace("127.0.0.1", "localhost")), NO_PAUSE)
        assert "Hostname mismatch" in (tls.distrust(by_name) or "")
        assert tls.distrust(Visit(parse(served.url), NO_PAUSE)) == ""


@pytest.mark.parametrize("data", [b"", b"x", b"0\x82\xff\xff", b"0" * 100])
def test_what_is_no_certificate_is_none(data):
    assert tls.certificate(data) is None


def test_what_this_machine_cannot_offer_is_not_known(monkeypatch):
    monkeypatch.setattr(tls, "_CIPHERS", "ECDHE-RSA-AES256-GCM-SHA384")  # of TLS 1.2
    with serving(SE, lax=True) as served:
        assert tls.accepts(Visit(parse(served.url), NO_PAUSE), "TLS 1.0") is None
