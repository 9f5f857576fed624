"""Against a real Samba AD domain controller, and against servers that misbehave."""

import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from exward.access import live, live_exchange
from exward.access.directory import assemble, effective
from exward.access.facts import MailboxRight, Role, Token
from exward.access.judge import powerful
from exward.access.ldap_connection import Connection, parse_url
from exward.access.ldap_login import Login, Method
from exward.cli.main import main
from exward.model.errors import EvidenceError, UsageError
from exward.model.skipped import Skipped

SCRIPT = Path(__file__).parents[2] / "scripts" / "start_test_directory.sh"
HOST, PASSWORD = "127.0.0.10", "Passw0rd!x"
USER = "CONTOSO\\Administrator"
START_S = 90


@pytest.fixture(scope="module")
def fingerprint(tmp_path_factory):
    """A running domain controller; the SHA-256 of its certificate."""
    if shutil.which("samba", path="/usr/sbin") is None or os.geteuid() != 0:
        message = "no Samba AD here (scripts/install_test_parts.sh installs it; it needs root)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("dc")
    with (Path(tempfile.gettempdir()) / "exward-test-dc.lock").open("w") as lock:
        _lock(lock)  # the address is fixed: one domain controller on a machine at a time
        yield from _running(folder)


def _lock(file):
    import fcntl  # there is no Samba where this is missing

    fcntl.flock(file, fcntl.LOCK_EX)


def _running(folder):
    with (folder / "out").open("w") as out:
        server = subprocess.Popen(
            ["bash", SCRIPT, folder / "state", PASSWORD], stdout=out, stderr=out
        )
    try:
        yield _certificate(server, folder / "out")
    finally:
        server.terminate()
        server.wait(30)


def _certificate(server, out):
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            pem = ssl.get_server_certificate((HOST, 636), timeout=5)
        except OSError:
            time.sleep(0.2)
            continue
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    pytest.fail(f"Samba does not start: {out.read_text()[-2000:]}")


def read(url, login):
    address = parse_url(url)
    connection = Connection(address, login)
    try:
        return list(live.facts(connection, address))
    finally:
        connection.close()


# One test, so that one process of a parallel run starts one server.
def test_a_real_directory(fingerprint, tmp_path, capsys):
    login = Login(user=USER, password=PASSWORD, fingerprint=fingerprint)
    for scheme in ("ldaps", "ldap"):
        expect_what_was_filled_in(read(f"{scheme}://{HOST}", login))
    expect_a_review(fingerprint, tmp_path, capsys)
    expect_exchange(login)
    for change, words in REFUSED:
        with pytest.raises(EvidenceError, match=words):
            read(f"ldaps://{HOST}", replace(login, **change))
    expect_sign_ins(login)
    expect_tokens(login)


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"password": "wrong"}, "signing in as"),
    ({"fingerprint": "00" * 32}, "another certificate"),
    ({"fingerprint": ""}, "TLS failed"),
)


SIGN_INS = (
    ("ldaps", Method.KERBEROS, "Administrator@CONTOSO.EXAMPLE"),
    ("ldap", Method.KERBEROS, "Administrator@CONTOSO.EXAMPLE"),
    ("ldaps", Method.NTLM, USER),
    ("ldap", Method.NTLM, USER),
)
"""Inside of TLS, bound to the certificate; and without TLS, sealed."""


def expect_sign_ins(login):
    for scheme, method, user in SIGN_INS:
        known = replace(login, method=method, user=user, server_name="dc01.contoso.example")
        expect_what_was_filled_in(read(f"{scheme}://{HOST}", known))
        with pytest.raises(EvidenceError, match=f"by {method}"):
            read(f"{scheme}://{HOST}", replace(known, password="wrong"))
    with pytest.raises(EvidenceError, match="by kerberos") as raised:
        read(f"ldap://{HOST}", replace(known, method=Method.KERBEROS, server_name=""))
    assert "--server-name" in raised.value.hint


def expect_what_was_filled_in(facts):
    directory = assemble(one for one in facts if not isinstance(one, Skipped))
    key = directory.key("Organization Management")
    assert {
        directory.name(member): [directory.name(group) for group in path]
        for member, path in effective(directory, key).items()
    } == {"j.doe": ["Organization Management"],
          "svc-backup": ["Organization Management", "Ops", "Night"]}  # fmt: skip
    assert len(directory.members[directory.key("Many")]) == 600
    rights = {(directory.name(directory.key(one.trustee)), one.right) for one in directory.rights}
    assert ("Exchange Windows Permissions", "WriteDacl") in rights
    assert ("Administrators", "GetChangesAll") in rights
    assert any("referral" in one.reason for one in facts if isinstance(one, Skipped))


def expect_tokens(login):
    address = parse_url(f"ldaps://{HOST}")
    with closing(Connection(address, login)) as connection:
        facts = [one for one in live.facts(connection, address) if not isinstance(one, Skipped)]
        directory = assemble(facts)
        asked = powerful(directory)
        found = list(live.tokens(connection, asked))
    assert {directory.name(directory.key(one.sid)) for one in asked} >= {"j.doe", "Administrator"}
    by_name = {directory.name(directory.key(one.party)): one.groups for one in found
               if isinstance(one, Token)}  # fmt: skip
    management = directory.sid(directory.key("Organization Management"))
    assert management in by_name["j.doe"]
    assert management in by_name["svc-backup"]  # through the cycle of Ops and Night
    assert management not in by_name["Administrator"]


def read_exchange(login):
    address = parse_url(f"ldaps://{HOST}")
    with closing(Connection(address, login)) as connection:
        directory = assemble(
            one for one in live.facts(connection, address) if not isinstance(one, Skipped)
        )
        found = live_exchange.organisation(connection), live_exchange.mailboxes(connection, address)
        return directory, [one for part in found for one in part]


def expect_exchange(login):
    directory, found = read_exchange(login)
    roles = {
        (one.name, one.role, one.parent, directory.name(directory.key(one.assignee)),
         one.assignee_kind, one.delegating, one.scope, one.enabled)
        for one in found if isinstance(one, Role)
    }  # fmt: skip
    assert roles == {
        ("AI-backup", "ApplicationImpersonation", "", "svc-backup", "User", False, "Organization",
         True),
        ("Reading", "Reading Room", "Mailbox Search", "j.doe", "User", False, "Night", True),
        ("MIE-delegating", "Mailbox Import Export", "", "Organization Management", "RoleGroup",
         True, "Organization", True),
        ("Roles", "Role Management", "", "Organization Management", "RoleGroup", False,
         "Organization", True),
    }  # fmt: skip
    rights = {
        (one.mailbox.partition(",")[0], directory.name(directory.key(one.trustee)), one.right)
        for one in found if isinstance(one, MailboxRight) and not one.inherited
    }  # fmt: skip
    assert rights >= {
        ("CN=DB01", "svc-backup", "ReceiveAs"), ("CN=boss", "svc-backup", "FullAccess"),
        ("CN=boss", "j.doe", "SendAs"), ("CN=boss", "j.doe", "SendOnBehalf"),
    }  # fmt: skip
    assert not [one for one in found if isinstance(one, Skipped)]
    # What somebody may not read is said, and is not taken for nothing.
    _, unseen = read_exchange(replace(login, user="CONTOSO\\j.doe", password="Passw0rd!y"))
    assert not [one for one in unseen if not isinstance(one, Skipped)]
    reasons = [one.reason for one in unseen if isinstance(one, Skipped)]
    assert [one.partition(":")[0] for one in reasons] == [
        "roles of Exchange are not read",
        "rights on mailboxes are not read",
    ]


def expect_a_review(fingerprint, tmp_path, capsys):
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD)
    code = main(["access", f"ldaps://{HOST}", "--user", USER, "--password-file", str(secret),
                 "--tls-fingerprint", fingerprint])  # fmt: skip
    out = capsys.readouterr().out
    assert code == 1
    assert "Suspect member of Organization Management: svc-backup" in out
    assert "Right to take over the domain: Exchange Windows Permissions" in out
    assert "svc-backup may change Organization Management" in out
    # Samba does not copy AdminSDHolder's list to protected groups.
    assert "Account Operators may change 9 high-profile groups" in out
    assert "ApplicationImpersonation assigned to svc-backup" in out
    assert "ReceiveAs of svc-backup on every mailbox of a database" in out
    assert "Helpdesk may take over j.doe" in out
    assert "Helpdesk may take over EX01$" in out
    assert "Helpdesk may change Night, inside of high-profile groups" in out
    assert "Helpdesk may change what members of high-profile groups inherit in Mail Servers" in out
    # What the lists say is what the server counts itself.
    assert "no list shows" not in out
    assert "does not count" not in out


def serve(answer):
    """A server on loopback that treats its first client as told; its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run():
        client, _ = listening.accept()
        with listening, client:
            answer(client)

    threading.Thread(target=run, daemon=True).start()
    return f"ldap://127.0.0.1:{listening.getsockname()[1]}"


QUICK = Login(user="a", password="b", idle_s=0.3, total_s=0.6)


def drip(client):
    try:
        client.sendall(b"\x30\x84\x00\x10\x00\x00")
        for _ in range(200):
            client.sendall(b"\0")
            time.sleep(0.02)
    except OSError:
        return


def test_a_connection_that_is_lost_is_not_asked_for_thousands_of_objects():
    class Lost:
        where = "dc01:636"

        def search(self, *_, **__):
            raise EvidenceError("closed the connection", "")

    names = [f"CN=u{number},DC=a" for number in range(1_000)]
    skipped = [one for one in live.guards(cast("Connection", Lost()), names)
               if isinstance(one, Skipped)]  # fmt: skip
    assert len(skipped) == live.MAX_FAILED + 1
    assert (skipped[-1].count, "are not read" in skipped[-1].reason) == (995, True)


def redirect(client):
    client.recv(4096)
    # RFC 4511: ExtendedResponse to message 1 with result code 10 (referral).
    client.sendall(bytes.fromhex("300c02010178070a010a04000400"))
    client.recv(4096)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda client: client.recv(4096) and client.recv(4096), "is silent for"),
        (lambda client: client.recv(4096), "closed the connection|broke off"),
        (lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "broke off|closed"),
        (drip, "took longer than|is silent"),
        (redirect, "does not hold this"),
    ],
    ids=["hangs", "drops", "speaks-otherwise", "drips", "refers"],
)
def test_a_server_that_misbehaves_ends_in_one_message(answer, words):
    with pytest.raises(EvidenceError, match=words):
        read(serve(answer), QUICK)


def test_nobody_listens():
    with pytest.raises(EvidenceError, match="cannot be reached"):
        read("ldaps://127.0.0.1:1", QUICK)


@pytest.mark.parametrize("url", ["ldap://", "ldaps://u:p@host", "ldaps://host:port"])
def test_wrong_addresses(url):
    with pytest.raises(UsageError):
        parse_url(url)


def test_the_parts_of_an_address():
    address = parse_url("LDAPS://dc01.example:1636/DC=a,DC=b%20c")
    assert (address.host, address.port, address.base) == ("dc01.example", 1636, "DC=a,DC=b c")
