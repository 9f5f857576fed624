"""What `exward mail serve --verdicts` keeps is what a scan reads."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections import Counter

from exward.cli import mail_serving
from exward.mail import saved_verdicts
from exward.mail.authentication.check import Envelope
from exward.mail.milter.decision import Decision, FilterOptions, decide
from exward.mail.milter.session import Letter
from exward.mail.settings import MailSettings
from exward.model.skipped import Skipped
from tests.mail.letters import letter
from tests.mail.test_saved_verdicts import Text


def decision(queue_id="Q1"):
    one = Letter(Envelope("192.0.2.1", "mx.example", "a@b.example"), queue_id, letter(),
                 recipients=("blind@contoso.example",))  # fmt: skip
    return decide(one, MailSettings(), FilterOptions(server_name="mx"), None)


def test_what_the_quarantine_could_not_take_is_counted():
    counts = Counter[str]()
    full = dataclasses.replace(decision(), failed="cannot be stored: No space left on device")
    mail_serving._note(None, counts, "Q1", full, "")
    assert counts["could not be stored"] == 1


def test_each_verdict_is_a_line_with_the_envelope_s_recipients(tmp_path, capsys):
    log, counts = tmp_path / "verdicts.jsonl", Counter[str]()
    for queue_id in ("Q1", "Q2"):
        mail_serving._note(log, counts, queue_id, decision(queue_id), "")
    mail_serving._note(log, counts, "Q3", None, "took too long")
    mail_serving._note(log, counts, "", None, "a connection ended")
    mail_serving._note(log, counts, "Q4", Decision(None, (), said="digest"), "")
    data = log.read_bytes()
    assert saved_verdicts.recognises(data)
    told = [one[1] for one in saved_verdicts.read(Text(data)) if not isinstance(one, Skipped)]
    assert [one.path for one in told] == ["Q1", "Q2"]
    assert {one.recipients for one in told} == {("blind@contoso.example",)}
    assert all(one.time is not None and one.message_id for one in told)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600 or os.name == "nt"
    assert +counts == {"deliver": 2, "not judged": 1}
    assert "Q3: took too long" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_and_stops_nothing(tmp_path, capsys):
    mail_serving._note(tmp_path / "no" / "file", Counter(), "Q1", decision(), "")
    assert "Q1: the verdict was not kept: cannot be written" in capsys.readouterr().err


def test_without_a_file_nothing_is_kept(tmp_path, capsys):
    mail_serving._note(None, Counter(), "Q1", decision(), "")
    assert list(tmp_path.iterdir()) == []
    assert "Q1: " in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_before_mail_is_taken(run, tmp_path):
    ended = run("mail", "serve", "--no-dns", "--verdicts", tmp_path / "no" / "file")
    assert ended.code == 3
    assert "choose another --verdicts" in ended.err
