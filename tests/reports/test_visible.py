"""Values from evidence are seen whole and act on nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.reports.visible import (
    cut,
    duration,
    size_text,
    technique_link,
    utc_span,
    utc_time,
    visible,
    web_link,
)

START = 1_767_579_249_000_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Grüße, 東京, \U0001f480", "Grüße, 東京, \U0001f480"),
        ("\x1b[31m\x07\x9b\x7f", "\\x1b[31m\\x07\\x9b\\x7f"),
        ("a\r\n\tb\x00", "a\\r\\n\\tb\\x00"),
        ("\u202efdp.exe\u2066", "\\u202efdp.exe\\u2066"),
        ("in\u200bvisible\ufeff\u00ad", "in\\u200bvisible\\ufeff\\xad"),
        ("\udc80\U000e0041", "\\udc80\\U000e0041"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_lines_keeps_line_feeds_and_tabs_only() -> None:
    assert visible("a\n\tb\r\x1b", lines=True) == "a\n\tb\\r\\x1b"


@given(st.text(st.characters()))
def test_no_control_format_or_surrogate_is_left(text: str) -> None:
    # Cf also holds signs that print, such as the Arabic number sign.
    hidden = {"Cc", "Cs", "Zl", "Zp"}
    shown = visible(text)
    assert not hidden & {unicodedata.category(char) for char in shown}
    assert shown.encode().decode() == shown


def test_cut_says_how_much_is_left_out() -> None:
    assert cut("A" * 10, 10) == "A" * 10
    assert cut("A" * 1234, 10) == "A" * 10 + "… (1,224 more characters)"


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (START, "2026-01-05 02:14:09Z"),
        (START + 999_999, "2026-01-05 02:14:09Z"),
        (0, "1970-01-01 00:00:00Z"),
        (None, "no time"),
        (10**18, "time out of range"),
        (-(10**18), "time out of range"),
        (-62_000_000_000_000_000, "time out of range"),
    ],
)
def test_utc_time(time: int | None, shown: str) -> None:
    assert utc_time(time) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (START, START, "2026-01-05 02:14:09Z"),
        (START, None, "2026-01-05 02:14:09Z"),
        (None, None, "no time"),
        (START, START + 61_000_000, "2026-01-05 02:14:09Z \u2013 02:15:10Z"),
        (START, START + 86_400_000_000, "2026-01-05 02:14:09Z \u2013 2026-01-06 02:14:09Z"),
        (None, START, "no time \u2013 2026-01-05 02:14:09Z"),
        (START, 10**18, "2026-01-05 02:14:09Z \u2013 time out of range"),
        (10**18, 2 * 10**18, "time out of range"),
    ],
)
def test_utc_span(first: int | None, last: int | None, shown: str) -> None:
    assert utc_span(first, last) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (-5, "0 s"), (41, "41 s"), (60, "1 min"), (7300, "2 h 1 min"),
     (172_800, "2 d"), (86_461, "1 d")],
)  # fmt: skip
def test_duration(seconds: int, shown: str) -> None:
    assert duration(seconds * 1_000_000) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (367_069_632, "367.1 MB"),
     (2_500_000_000, "2.5 GB"), (7 * 10**15, "7000.0 TB")],
)  # fmt: skip
def test_size(size: int, shown: str) -> None:
    assert size_text(size) == shown


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://attack.mitre.org/techniques/T1190/", True),
        ("http://[2001:db8::1]/x?a=b&c=%20#d", True),
        ("HTTPS://example.org", True),
        ("javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("https://x/\u202e", False),
        ('https://x/"><img>', False),
        ("https://", False),
        ("http://[", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://x/" + "a" * 500, False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_become_links(address: str, is_link: bool) -> None:
    assert web_link(address) == (address if is_link else "")


@given(st.text())
def test_links_never_raise_and_are_http(address: str) -> None:
    link = web_link(address)
    assert not link or link.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("technique", "link"),
    [
        ("T1190", "https://attack.mitre.org/techniques/T1190/"),
        ("T1505.003", "https://attack.mitre.org/techniques/T1505/003/"),
        ("T1190/../..", ""),
        ("t1190", ""),
        ("T1190\n", ""),
        ("T\u0661\u0661\u0669\u0660", ""),
    ],
)
def test_technique_link(technique: str, link: str) -> None:
    assert technique_link(technique) == link
