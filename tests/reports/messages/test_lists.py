"""Verdicts as CSV and as one JSON document."""

from __future__ import annotations

import csv
import io
import json

from exward.model.message import Disposal, MailResult, MessageVerdict, Reason
from exward.model.skipped import Skipped
from exward.reports.messages.registry import mail_renderers

MESSAGE = MessageVerdict(
    "in/a.eml", Disposal.TAG, 5.5, ("phishing", "spam"), "=cmd() <a@b.example>", "One\r\ntwo",
    (Reason("classifier", 4.5, "The model.", "x"), Reason("link-text", 1.0, "A link.", "y")),
    "<1@b.example>", ("bob@c.example",), 0,
)  # fmt: skip
LOST = Skipped("in/b.eml", None, "not a message")
RESULT = MailResult("1.0", (MESSAGE, MESSAGE), (LOST,), 0)


def test_csv_has_a_row_for_each_message_and_no_formula():
    text = "".join(mail_renderers()["csv"].render(RESULT))
    first, second, lost = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert first == second
    assert (lost["path"], lost["verdict"]) == ("in/b.eml", "skipped")
    assert lost["reasons"] == "not a message"
    assert (first["verdict"], first["score"], first["classes"]) == ("tag", "5.5", "phishing spam")
    assert first["sender"] == "'=cmd() <a@b.example>"
    assert "\n" not in first["subject"]
    assert first["reasons"] == "classifier +4.5: The model. | link-text +1.0: A link."
    assert first["time"] == "1970-01-01T00:00:00.000000Z"


def test_json_is_one_document():
    held = json.loads("".join(mail_renderers()["json"].render(RESULT)))
    assert held["schema"] == 1
    assert held["messages"][1]["reasons"][0]["weight"] == 4.5
    assert [one["source"] for one in held["skipped"]] == ["in/b.eml"]
