"""`exward mail quarantine digest` and `serve`: from the digest to the release."""

from __future__ import annotations

import asyncio
import re
from email import message_from_bytes, policy

import pytest

from exward.cli import quarantine_mailing, quarantine_serving
from exward.cli.quarantine_serving import Pages, Service
from exward.mail.quarantine import decisions
from exward.mail.quarantine.handing import Handed, MailServer
from exward.mail.quarantine.http import Request
from tests.mail.quarantine.made import BOB, EVE, HOSTILE, hold, trail_of


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "held"


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "mail.toml"
    path.write_text('own-domains = ["target.example"]\n')
    return path


@pytest.fixture
def digest(run, folder, settings):
    def call(*args, base="https://mail.target.example"):
        return run("mail", "quarantine", "digest", "--quarantine", folder, "--mail-settings",
                   settings, "--base-url", base, "--sender", "q@target.example", *args)  # fmt: skip

    return call


@pytest.fixture
def sent(monkeypatch):
    got = []

    def hand_over(server, letter):
        got.append(letter)
        return Handed(letter.recipients, {}, True, "250 OK")

    monkeypatch.setattr(decisions, "hand_over", hand_over)
    monkeypatch.setattr(quarantine_mailing, "hand_over", hand_over)
    return got


def links_in(path):
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    plain = message.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    return re.findall(r"https://mail\.target\.example(/release/\S+)", text)


def respond(folder, *requests, reserved=frozenset()):
    async def run():
        pages = Pages(Service(folder, reserved, MailServer("127.0.0.1", 25)))
        return [await pages.respond(Request(method, path, "192.0.2.9"))
                for method, path in requests]  # fmt: skip

    return asyncio.run(run())


def test_a_link_asks_first_and_releases_once(digest, folder, tmp_path, sent, capsys):
    hold(folder, recipients=(BOB, EVE), subject=HOSTILE, sender=HOSTILE)
    ended = digest("--out", tmp_path / "out")
    assert (ended.code, ended.out) == (0, "2 digests written\n")
    (link,), (other,) = (links_in(path) for path in sorted((tmp_path / "out").iterdir()))
    prefixed = f"/some/where{link}"
    pages = respond(folder, ("GET", link), ("HEAD", link), ("GET", prefixed), ("POST", link),
                    ("POST", link), ("GET", link), ("GET", other))  # fmt: skip
    assert [page.status for page in pages] == [200, 200, 200, 200, 410, 410, 200]
    assert len(sent) == 1
    assert pages[0].body.count("<form") == 1
    assert "<form" not in pages[3].body
    for page in pages:
        assert "<script" not in page.body
        assert "\x1b" not in page.body
        policy_line = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy_line
        assert "frame-ancestors 'none'" in policy_line
        assert "form-action 'self'" in policy_line
    assert "released" in capsys.readouterr().err
    assert digest("--out", tmp_path / "out").out == "0 digests written\n"


def test_what_is_no_link(folder, capsys):
    hold(folder)
    pages = respond(folder, ("GET", "/"), ("GET", "/release/"), ("GET", "/release/" + "A" * 118),
                    ("POST", "/release/x"), ("GET", "/release/../held"), ("PUT", "/release/x"),
                    ("GET", "/release/x?y"))  # fmt: skip
    assert [page.status for page in pages] == [404, 404, 404, 404, 404, 405, 404]
    assert trail_of(folder) == []


def test_too_many_requests(folder):
    pages = respond(folder, *[("GET", "/")] * (quarantine_serving.BURST + 1))
    assert [page.status for page in pages[-2:]] == [404, 429]
    assert pages[-1].headers["Retry-After"] == "60"


def test_a_quarantine_that_fails_is_no_defect(folder, capsys):
    folder.mkdir()
    (folder / "key").write_text("short")
    (page,) = respond(folder, ("GET", "/release/" + "A" * 118))
    assert page.status == 503
    assert "is no key" in capsys.readouterr().err


def test_classes_for_administrators(digest, folder, tmp_path, sent):
    hold(folder, classes=("phishing",))
    digest("--out", tmp_path / "out", "--admin-only", "spam")
    (path,) = (tmp_path / "out").iterdir()
    (link,) = links_in(path)
    reserved = frozenset({"phishing"})
    (page,) = respond(folder, ("POST", link), reserved=reserved)
    assert page.status == 403
    assert sent == []


def test_sending(digest, folder, sent):
    hold(folder)
    assert digest("--send").out == "1 digests sent\n"
    (letter,) = sent
    assert (letter.mail_from, letter.recipients) == ("", (BOB,))
    assert letter.data.startswith(b"X-Exward-Pass: ")
    assert [deed.what for deed in trail_of(folder)] == ["told"]


def test_who_was_not_told_is_told_the_next_time(digest, folder, monkeypatch):
    hold(folder)
    refused = Handed((), {BOB: "451 no"}, True, "451 no")
    monkeypatch.setattr(quarantine_mailing, "hand_over", lambda server, letter: refused)
    ended = digest("--send")
    assert ended.code == 3
    assert "451 no" in ended.err
    assert trail_of(folder) == []


@pytest.mark.parametrize("args", [(), ("--send", "--out", "x")])
def test_one_way_to_tell(digest, folder, args):
    assert digest(*args).code == 2


def test_whose_users_they_are_has_to_be_known(run, folder):
    ended = run("mail", "quarantine", "digest", "--quarantine", folder, "--base-url",
                "https://a.example", "--sender", "q@target.example", "--send")  # fmt: skip
    assert ended.code == 2
    assert "own-domains" in ended.err
    ended = run("mail", "quarantine", "digest", "--quarantine", folder, "--base-url",
                "http://a.example", "--sender", "q@target.example", "--send")  # fmt: skip
    assert ended.code == 2
