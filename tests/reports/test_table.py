"""The terminal summary: short, the verdict last, nothing from evidence acts on the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from exward.model.incident import ServerVerdict, Verdict
from exward.reports.table import MAX_LINES, print_summary, render
from tests.reports.sample_result import (
    HOSTILE,
    clean_case,
    empty_result,
    large_result,
    sample_result,
)

if TYPE_CHECKING:
    from exward.model.result import ScanResult

RESULTS = {
    "case": clean_case(),
    "hostile": sample_result(),
    "large": large_result(2000),
    "empty": empty_result(),
}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _print(result: ScanResult, width: int = 100, report: str = "") -> str:
    out = StringIO()
    print_summary(result, Console(file=out, width=width), report=report)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("name", RESULTS)
def test_never_more_lines_or_columns_than_promised(name: str, width: int) -> None:
    lines = _print(RESULTS[name], width).splitlines()
    assert len(lines) <= MAX_LINES
    # The last line is a command and stays whole.
    assert max(cell_len(line) for line in lines[:-1]) <= width


def test_the_verdict_and_the_next_command_stand_last() -> None:
    text = _print(clean_case())
    heads = ("Story", "Findings", "Coverage", "Skipped", "\nVerdict", "Do now", "Next ")
    order = [text.index(word) for word in heads]
    assert order == sorted(order)
    assert text.endswith("exward scan case.zip ex02 --report report.html\n")


def test_says_which_server_and_why_and_what_would_change_it() -> None:
    text = _print(clean_case(), 120)
    assert "✖ COMPROMISED  EX01" in text
    assert "because       A web shell answered 200" in text
    assert "would change  Proof that discover.aspx is your own page" in text
    assert "would change  SMB version 1 switched off and the check run again." in text
    assert "… and 2 more: ? 1 cannot tell, ✔ 1 clean" in text


def test_servers_after_the_first_give_way_to_the_story() -> None:
    text = _print(clean_case(), 60)
    assert "◆ EXPOSED      EX03  SMB version 1 is switched on." in text
    assert "Persistence" in text


def test_tells_the_story_in_chain_order_and_marks_attempts() -> None:
    lines = _print(clean_case(), 120).splitlines()
    steps = [line for line in lines if re.match(r"  [●◇] \d\d:", line)]
    assert [line[15:26].strip() for line in steps[:4]] == [
        "Initial acc", "Web shell", "Exploration", "Enumeration",
    ]  # fmt: skip
    assert [line for line in steps if "◇" in line] == [
        line for line in steps if "attempt: Set-MpPreference" in line
    ]


def test_findings_come_worst_first_with_their_place() -> None:
    text = _print(clean_case(), 120)
    assert "CRITICAL  2026-01-05 02:14:50Z  EX01  ProxyShell reached" in text
    assert "u_ex260105.log:41" in text
    assert "12: 4 critical, 6 high, 2 medium" in text


def test_counts_what_was_not_read_and_what_the_rules_could_not_see() -> None:
    text = _print(sample_result(), 200)
    assert "5 places, 7 records or lines lost" in text
    assert "2\xd7 9 values for 14 columns" in text
    assert "41 of 43 rules could not fire: 40 for no record of Microsoft-Windows-Sysmon" in text
    assert "2 gaps, longest 2 d" in text


def test_many_servers_worst_first_and_the_rest_counted() -> None:
    text = _print(large_result(100, servers=300), 140)
    assert "… and 297 more: ✖ 57 compromised, ▲ 60 attempted" in text
    assert text.index("COMPROMISED  EX000\n") < text.index("COMPROMISED  EX001\n")


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_word_and_an_act(verdict: Verdict) -> None:
    alone = replace(empty_result(), verdicts=(ServerVerdict("S1", verdict, "Why.", "If."),))
    text = _print(alone)
    assert f"{verdict.upper().replace('-', ' ')}" in text
    assert "Do now" in text
    assert "more:" not in text


def test_an_interrupted_run_says_so() -> None:
    assert "Interrupted: not all of the evidence was read." in _print(empty_result())


def test_a_written_report_is_the_next_thing_to_open() -> None:
    assert _print(clean_case(), report="out/r.html").endswith("Next    open out/r.html\n")


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        ((), "PATH..."),
        (("a b.zip",), '"a b.zip"'),
        (("$(reboot)",), "PATH..."),
        (("a", "b", "c", "d"), "PATH..."),
        (("C:\\case",), "C:\\case"),
    ],
)
def test_only_plain_paths_are_offered_for_pasting(paths: tuple[str, ...], shown: str) -> None:
    result = replace(clean_case(), run=replace(clean_case().run, paths=paths))
    assert _print(result, 200).endswith(f"exward scan {shown} --report report.html\n")


def test_nothing_hostile_reaches_the_terminal() -> None:
    for value in HOSTILE:
        verdict = ServerVerdict(value, Verdict.COMPROMISED, value, value)
        result = replace(sample_result(), verdicts=(verdict,))
        assert not CONTROL.search(_print(result))


@given(st.text(max_size=300))
def test_any_text_is_printed_within_bounds(value: str) -> None:
    finding = replace(sample_result().findings[0], title=value, why=value, server=value)
    verdict = ServerVerdict(value, Verdict.EXPOSED, value, value)
    text = _print(replace(clean_case(), findings=(finding,), verdicts=(verdict,)), 80)
    assert not CONTROL.search(text)
    assert len(text.splitlines()) <= MAX_LINES


def test_colour_only_on_a_terminal_that_wants_it() -> None:
    out = StringIO()
    print_summary(clean_case(), Console(file=out, width=80, force_terminal=True))
    assert "\x1b[" in out.getvalue()
    assert "\x1b" not in _print(clean_case())


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_narrow_code_page_gets_every_line(encoding: str) -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding=encoding)
    print_summary(sample_result(), Console(file=stream, width=80))
    stream.flush()
    text = raw.getvalue().decode(encoding)
    assert "X COMPROMISED" in text
    assert len(text.splitlines()) <= MAX_LINES


def test_render_is_plain_and_the_same_every_time() -> None:
    text = "".join(render(sample_result()))
    assert text == "".join(render(sample_result()))
    assert "\x1b" not in text
    assert "COMPROMISED" in text


def test_what_could_be_judged_of_mail_and_accounts_is_told_at_full_length() -> None:
    known = {"mail": "3 messages", "accounts": "not judged", "verb": "x"}
    for result in (clean_case(), large_result(2000)):
        told = replace(result, run=replace(result.run, settings=known))
        lines = _print(told).splitlines()
        assert "  mail: 3 messages" in lines
        assert "  accounts: not judged" in lines
        assert len(lines) <= MAX_LINES
