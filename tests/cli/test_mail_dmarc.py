"""`exward mail dmarc-reports`: from files, archives and mail to who sends in our name."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from exward.scan import dmarc_reports
from tests.mail.authentication.test_aggregate_reports import record, report
from tests.mail.letters import attached


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("r.xml", data)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "reports"
    place.mkdir()
    (place / "a.xml").write_bytes(report(record(dkim="pass", count=10), record("192.0.2.66")))
    (place / "b.xml.gz").write_bytes(gzip.compress(report(record(dkim="pass"), number="2")))
    (place / "c.zip").write_bytes(zipped(report(record(spf="pass"), number="3")))
    packed = gzip.compress(report(record("192.0.2.66", 7, "reject"), number="4"))
    (place / "d.eml").write_bytes(attached(packed, "example.com!contoso.example!1!2.xml.gz"))
    (place / "e.eml").write_bytes(attached(zipped(report(record(), number="5")), "r.zip"))
    (place / "again.xml").write_bytes(report(record("192.0.2.66", 500)))
    return place


def lines(ended):
    return [json.loads(line) for line in ended.out.splitlines()]


def test_senders_are_added_up_from_every_kind_of_file(run, folder):
    ended = run("mail", "dmarc-reports", folder, "--format", "jsonl")
    senders = [one for one in lines(ended) if one["type"] == "dmarc-sender"]
    told = [(one["source_ip"], one["messages"], one["aligned"], one["unaligned"])
            for one in senders]  # fmt: skip
    assert told == [("192.0.2.66", 10, 0, 10), ("192.0.2.7", 19, 16, 3)]
    assert ended.code == 0
    assert {one["domain"] for one in senders} == {"contoso.example"}
    assert {"type": "dmarc-policy", "schema": 1, "domain": "contoso.example",
            "policy": "quarantine"} in lines(ended)  # fmt: skip


def test_a_report_that_came_twice_counts_once(run, folder):
    ended = run("mail", "dmarc-reports", folder)
    assert "1 reports were there more than once" in ended.out
    assert "6 reports" not in ended.out


def test_what_cannot_be_read_is_told(run, folder):
    (folder / "bad.xml").write_bytes(b"<feedback>nothing")
    (folder / "worse.xml").write_bytes(report(record(), record(ip="x"), number="9"))
    ended = run("mail", "dmarc-reports", folder, "--format", "jsonl")
    skipped = {one["source"].rpartition("/")[2]: one for one in lines(ended)
               if one["type"] == "skipped"}  # fmt: skip
    assert "no readable DMARC report" in skipped["bad.xml"]["reason"]
    assert skipped["worse.xml"]["count"] == 1
    assert ended.code == 4


def test_nothing_of_a_report_acts_on_a_terminal(run, tmp_path):
    hostile = report(record(), reporter="&#27;[2Jx\u202e", number="&lt;script&gt;")
    (tmp_path / "a.xml").write_bytes(hostile.replace(b"mailer.example", b"\x1b[2J"))
    ended = run("mail", "dmarc-reports", tmp_path)
    assert "\x1b" not in ended.out
    assert "\u202e" not in ended.out


def test_their_number_is_bounded(run, tmp_path, monkeypatch):
    monkeypatch.setattr(dmarc_reports, "MAX_HOSTS", 3)
    (tmp_path / "a.xml").write_bytes(report(*(record(f"192.0.2.{n}") for n in range(9))))
    ended = run("mail", "dmarc-reports", tmp_path, "--format", "jsonl")
    assert [one["count"] for one in lines(ended) if one["type"] == "skipped"] == [6]


def test_no_report_is_no_clean_result(run, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    ended = run("mail", "dmarc-reports", tmp_path)
    assert (ended.code, "no DMARC report was found" in ended.err) == (4, True)
