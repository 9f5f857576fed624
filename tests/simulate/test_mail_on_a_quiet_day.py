"""Harmful mail on a day on which nobody fell for it makes no story."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.scan import pipeline
from exward.scan.pipeline import ScanSettings
from exward.scan.progress import Silent
from exward.simulate import run

SIZE = 3_000_000


def delivered(evidence: Path) -> Iterator[dict[str, str]]:
    """The rows of message tracking that say who got what."""
    for path in sorted(evidence.rglob("MSGTRK*.LOG")):
        lines = path.read_text("utf-8").splitlines()
        names = next(line for line in lines if line.startswith("#Fields: "))[9:].split(",")
        rows = csv.DictReader([line for line in lines if not line.startswith("#")], names)
        yield from (row for row in rows if row["event-id"] == "DELIVER")


def verdict(row: dict[str, str]) -> str:
    """What the filter would have said if it held the message for phishing."""
    told = {
        "type": "message",
        "schema": 1,
        "path": "queue",
        "verdict": "quarantine",
        "score": 9.5,
        "classes": ["phishing"],
        "sender": f"<{row['sender-address']}>",
        "subject": row["message-subject"],
        "reasons": [],
        "message_id": row["message-id"],
    }
    return json.dumps(told, separators=(",", ":")) + "\n"


def scan(folder: Path, seed: int) -> ScanResult:
    run.simulate(run.Settings("benign", folder, seed=seed, size_bytes=SIZE))
    evidence = folder / "evidence"
    rows = list(delivered(evidence))
    assert len({row["recipient-address"] for row in rows}) > 10
    verdicts = folder / "verdicts.jsonl"
    verdicts.write_text("".join(map(verdict, rows)), "utf-8")
    settings = ScanSettings(paths=(str(evidence),), mail_verdicts=(str(verdicts),))
    return pipeline.scan(settings, Silent())


@pytest.mark.parametrize("seed", range(1, 6))
def test_phishing_in_every_mailbox_alone_is_no_incident(tmp_path: Path, seed: int) -> None:
    result = scan(tmp_path, seed)
    assert [one.verdict.value for one in result.verdicts] == ["clean"]
    assert result.incidents == ()
    told = [one for one in result.findings if one.rule == "harmful-message"]
    assert told != []
    assert {one.server for one in told} == {"EX01.contoso.example"}
    assert [one.title for one in result.findings if one.severity.rank >= Severity.MEDIUM.rank] == []
