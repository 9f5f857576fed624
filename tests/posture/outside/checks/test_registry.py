"""What every check from outside promises, held against all of them."""

import datetime
import inspect
from pathlib import Path

import pytest

from exward.model.outcome import Status
from exward.posture.outside.checks.registry import ask, checks
from exward.posture.outside.endpoints import ENDPOINTS
from exward.posture.outside.seen import Reply, Seen, Tls

PAGE = (Path(__file__).parents[4] / "docs" / "probe.md").read_text("utf-8")
EVERY = pytest.mark.parametrize("check", checks(), ids=lambda check: check.ID)
NOTHING = Seen("mail.example", "https://mail.example", True, datetime.date(2026, 11, 1), None, {})
NAMES = ("Location", "X-FEServer", "WWW-Authenticate", "Strict-Transport-Security", "Server")


@EVERY
def test_the_id_is_the_name_of_the_file(check):
    assert Path(inspect.getfile(check)).stem == check.ID.replace("-", "_")
    assert check.ID.startswith("outside-")


@EVERY
def test_the_page_names_it(check):
    assert f"`{check.ID}`" in PAGE


@EVERY
def test_no_answer_is_never_a_pass(check):
    assert check.judge(NOTHING).status is Status.UNKNOWN


@EVERY
def test_it_says_what_to_do_and_where_that_stands(check):
    assert check.FIX.change
    assert check.FIX.preview
    assert check.FIX.undo
    assert all(source.startswith("https://") for source in check.SOURCES)
    assert check.WHY.endswith(".")


@EVERY
@pytest.mark.parametrize("status", [0, 99, 200, 302, 401, 999])
@pytest.mark.parametrize("value", ["", "x" * 2000, "max-age=" + "9" * 400, "https://[", "\xff"])
def test_hostile_answers_never_raise(check, status, value):
    reply = Reply("https://mail.example/owa/", status, tuple((name, value) for name in NAMES))
    tls = Tls("", "", None, "x", {"TLS 1.0": None})
    replies = {one.name: (reply,) for one in ENDPOINTS}
    seen = Seen("mail.example", "https://mail.example", True, NOTHING.day, tls, replies)
    answer = check.judge(seen)
    assert answer.reason
    assert len(answer.reason) < 3000


def test_a_check_that_breaks_does_not_take_the_others_along(monkeypatch):
    def broken(seen):
        raise RuntimeError

    monkeypatch.setattr(checks()[0], "judge", broken)
    outcomes = [*ask(NOTHING)]
    assert len(outcomes) == len(checks())
    assert "RuntimeError: a defect" in outcomes[0].reason
