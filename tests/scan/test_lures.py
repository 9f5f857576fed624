"""Harmful messages are found in stores of mail and in saved verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.evidence.discover import discover
from exward.evidence.options import EvidenceOptions
from exward.model.source import Source
from exward.scan import lures
from exward.scan.progress import Silent
from tests.mail.letters import attached, letter
from tests.scan.test_mail_findings import lure
from tests.simulate.test_mail_on_a_quiet_day import verdict

HARMFUL = attached(bytes.fromhex("4d5a") + bytes(64), "invoice.exe", Message_ID="<9@x.example>")


def source(path: Path, data: bytes) -> Source:
    path.write_bytes(data)
    (found,) = discover([str(path)], EvidenceOptions(spool_dir=path.parent), lures.is_mail)
    assert not hasattr(found, "reason")
    return found  # type: ignore[return-value]  # it is none of the losses


def test_a_harmful_message_is_kept_with_what_is_to_be_looked_for(tmp_path: Path) -> None:
    found = lures.read(source(tmp_path / "a.eml", HARMFUL), Silent())
    assert found.messages == 1
    (one,) = found.lures
    assert (one.message_id, one.mail_class, one.is_saved) == ("<9@x.example>", "malware", False)
    assert (one.sender, one.recipients) == ("ann.lee@contoso.example", ("bob@fabrikam.example",))
    assert "Windows program" in one.why


def test_of_a_box_each_message_is_judged(tmp_path: Path) -> None:
    start = b"From x@y Mon Jan  5 10:00:00 2026\n"
    box = b"\n".join(start + raw for raw in (letter(), HARMFUL, letter()))
    found = lures.read(source(tmp_path / "box", box), Silent())
    assert (found.messages, [one.position for one in found.lures]) == (3, [2])


def test_saved_verdicts_say_where_they_stand(tmp_path: Path) -> None:
    row = {"sender-address": "x@y.example", "message-subject": "Hi", "message-id": "<1@y>"}
    lines = [verdict(row), verdict(row).replace("quarantine", "deliver"), verdict(row)]
    found = lures.read(source(tmp_path / "v.jsonl", "".join(lines).encode()), Silent())
    assert [(one.position, one.is_saved, one.sender) for one in found.lures] == [
        (1, True, "x@y.example"),
        (3, True, "x@y.example"),
    ]


def test_of_very_many_messages_the_rest_is_said_to_be_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lures, "MAX_MESSAGES", 2)
    start = b"From x@y Mon Jan  5 10:00:00 2026\n"
    box = b"\n".join(start + letter() for _ in range(3))
    found = lures.read(source(tmp_path / "box", box), Silent())
    assert found.messages == 2
    assert "--mail-verdicts" in found.skipped[0].reason


def test_spam_lures_nobody(tmp_path: Path) -> None:
    row = {"sender-address": "x@y.example", "message-subject": "Hi", "message-id": "<1@y>"}
    line = verdict(row).replace("phishing", "spam")
    assert lures.read(source(tmp_path / "v.jsonl", line.encode()), Silent()).lures == []


def test_of_too_many_those_that_did_come_in_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lures, "MAX_LURES", 3)
    many = [
        lure(position=1, is_saved=True, verdict="reject", time=9),
        lure(position=2, is_saved=True, verdict="tag", time=2),
        lure(position=3, verdict="reject", time=3),
        lure(position=4, is_saved=True, verdict="tag", time=4),
        lure(position=5, time=None),
    ]
    assert [one.position for one in lures.kept(many)] == [4, 3, 2]
    assert lures.kept(reversed(many)) == lures.kept(many)
