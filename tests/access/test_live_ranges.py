"""Lists that a server hands out in pieces, as Active Directory does from 1,500 values on."""

import hashlib
import socket
import ssl
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sansldap
from sansldap import PartialAttribute

from exward.access import live
from exward.access.facts import Membership, Party
from exward.access.ldap_connection import Connection, parse_url
from exward.access.ldap_login import Login

CERTIFICATE = Path(__file__).parents[1] / "cli" / "loopback.pem"
BASE = "DC=contoso,DC=example"
PIECE = 2
MEMBERS = [f"CN=u{number},{BASE}".encode() for number in range(5)]


def attribute(name, *values):
    return PartialAttribute(name=name, values=[*values])


def piece(asked):
    """What the server has of the list from a number on, and to which number it went."""
    begin = int(asked.removeprefix("member;range=").removesuffix("-*"))
    end = min(begin + PIECE, len(MEMBERS))
    last = "*" if end == len(MEMBERS) else str(end - 1)
    return attribute(f"member;range={begin}-{last}", *MEMBERS[begin:end])


def entries(request):
    """A group whose list is long before two users, or the rest of its list."""
    if request.attributes[0].startswith("member;range="):
        return [(f"CN=Ops,{BASE}", [piece(request.attributes[0])])]
    if request.scope is sansldap.SearchScope.BASE:
        return []
    user = attribute("objectClass", b"user")
    group = [attribute("objectClass", b"group"), piece("member;range=0-*"), attribute("member")]
    return [
        (f"CN=Ops,{BASE}", group),
        *((f"CN={name},{BASE}", [user, attribute("sAMAccountName", name.encode())])
          for name in ("late", "later")),
    ]  # fmt: skip


def answer(client):
    session = sansldap.LDAPServer()
    while data := client.recv(65536):
        for message in session.receive(data):
            if isinstance(message, sansldap.BindRequest):
                session.bind_response(message.message_id)
            elif isinstance(message, sansldap.SearchRequest):
                for name, attributes in entries(message):
                    session.search_result_entry(message.message_id, name, attributes)
                session.search_result_done(message.message_id)
        client.sendall(session.data_to_send())


@pytest.fixture
def address():
    """The URL of a server on loopback that serves one client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    listening = socket.create_server(("127.0.0.1", 0))

    def run():
        client, _ = listening.accept()
        with listening, context.wrap_socket(client, server_side=True) as secured:
            answer(secured)

    threading.Thread(target=run, daemon=True).start()
    return f"ldaps://127.0.0.1:{listening.getsockname()[1]}/{BASE}"


def test_who_comes_after_a_long_list_is_not_lost(address):
    pem = CERTIFICATE.read_text("ascii")
    shown = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])
    fingerprint = hashlib.sha256(shown).hexdigest()
    login = Login(user="a", password="b", idle_s=5, total_s=20, fingerprint=fingerprint)
    place = parse_url(address)
    with closing(Connection(place, login)) as connection:
        found = list(live.facts(connection, place))
    members = [one.member.encode() for one in found if isinstance(one, Membership)]
    assert members == MEMBERS
    assert {"late", "later"} <= {one.name for one in found if isinstance(one, Party)}
