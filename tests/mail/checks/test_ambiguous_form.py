"""What programs read differently, with and without a file behind it."""

from __future__ import annotations

from exward.mail.checks import ambiguous_form
from tests.mail.letters import attached, facts, letter

TWO_TYPES = "text/plain\r\nContent-Type: text/html"


def weights(raw: bytes) -> list[float]:
    return [sign.weight for sign in ambiguous_form.find(facts(raw))]


def test_what_is_careless_counts_half_where_no_file_can_hide():
    file = attached(b"%PDF-1.4", "a.pdf", Content_Transfer_Encoding="foo")
    text = letter("x", Content_Transfer_Encoding="foo")
    assert weights(text) == [0.5]
    assert weights(file) == [1.0]


def test_what_is_done_on_purpose_counts_whole():
    body = "--x\nContent-Type: text/plain\n\nx\n--x--\n--x\nContent-Type: text/html\n\n<p>y\n"
    raw = letter(body, Content_Type="multipart/mixed; boundary=x")
    assert ambiguous_form.STRONG in weights(raw)
