"""Sign-ins whose other side hangs or lies; those that succeed are in test_live.py."""

import hashlib
import socket
import ssl
from pathlib import Path

import pytest

from exward.access.ldap_connection import Connection, parse_url
from exward.access.ldap_login import Login, Method
from exward.access.ldap_sign_in import SignIn, end_point, whole_buffers
from exward.model.account import split_account
from exward.model.errors import EvidenceError, UsageError

CERTIFICATE = Path(__file__).parents[1] / "cli" / "loopback.pem"


@pytest.fixture
def silent():
    """A server on loopback that takes what it gets and never answers; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_server_of_tickets_that_hangs_costs_a_bounded_time(silent, monkeypatch):
    monkeypatch.setenv("SSPI_KDC_URL", f"tcp://127.0.0.1:{silent}")
    login = Login(user="a@CONTOSO.EXAMPLE", password="b", method=Method.KERBEROS, idle_s=0.2)
    with pytest.raises(EvidenceError, match="by kerberos failed: no ticket in time"):
        Connection(parse_url(f"ldap://127.0.0.1:{silent}"), login)


def test_a_directory_that_hangs_during_ntlm(silent):
    login = Login(user="CONTOSO\\a", password="b", method=Method.NTLM, idle_s=0.2)
    with pytest.raises(EvidenceError, match="is silent for"):
        Connection(parse_url(f"ldap://127.0.0.1:{silent}"), login)


@pytest.mark.parametrize(("user", "password"), [("a@b", ""), ("", "x")])
def test_half_a_name_is_refused_before_anything_is_sent(silent, user, password):
    login = Login(user=user, password=password, method=Method.KERBEROS)
    with pytest.raises(UsageError, match="asks who you are"):
        Connection(parse_url(f"ldap://127.0.0.1:{silent}"), login)


def test_a_token_that_is_none():
    sign_in = SignIn(Login(user="CONTOSO\\a", password="b", method=Method.NTLM), "x", b"")
    assert sign_in.step(None, 5).startswith(b"NTLMSSP")
    with pytest.raises(OSError, match="token"):
        sign_in.step(b"\0" * 40, 5)
    assert not sign_in.complete


@pytest.mark.parametrize(
    ("received", "whole", "rest"),
    [
        (b"", [], b""),
        (b"\0\0\0", [], b"\0\0\0"),
        (b"\0\0\0\2ab\0\0\0\1c\0", [b"ab", b"c"], b"\0"),
        (b"\0\0\0\3ab", [], b"\0\0\0\3ab"),
    ],
)
def test_sealed_messages_are_cut_into_buffers(received, whole, rest):
    held = bytearray(received)
    assert list(whole_buffers(held, 100)) == whole
    assert held == rest


def test_a_buffer_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="a buffer of"):
        list(whole_buffers(bytearray(b"\xff\xff\xff\xffabc"), 100))


def test_what_a_sign_in_is_bound_to():
    certificate = ssl.PEM_cert_to_DER_cert(CERTIFICATE.read_text().split("-----BEGIN CERT")[-1]
                                           .join(("-----BEGIN CERT", "")))  # fmt: skip
    assert end_point(certificate) == (
        b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
    )


@pytest.mark.parametrize(
    ("written", "parts"),
    [("CONTOSO\\a", ("a", "CONTOSO")), ("a@b.example", ("a@b.example", "")), (" a ", ("a", ""))],
)
def test_the_parts_of_an_account(written, parts):
    assert split_account(written) == parts
