"""The review of access on the terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from exward.model.finding import Grade
from exward.model.result import NOT_JUDGED
from exward.model.severity import Severity
from exward.reports.access_table import MAX_LINES, print_access
from tests.reports.hostile_result import hostile_result


def shown(result, width=100):
    out = StringIO()
    print_access(result, Console(file=out, width=width, no_color=True))
    return out.getvalue()


def finding(**changes):
    plain = replace(hostile_result().findings[0], rule="access-suspect-member", accepted="",
                    grade=Grade.STATE, severity=Severity.LOW, account="bob", id="1", count=1,
                    title="Suspect member of A: bob", why="old", advice="Do it.")  # fmt: skip
    return replace(plain, **changes)


def result(*findings):
    return replace(hostile_result(), findings=findings, coverage=(), skipped=())


def test_nothing_hostile_reaches_the_terminal():
    text = shown(hostile_result())
    assert "\x1b" not in text
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_an_account_that_is_suspect_in_several_groups_is_one_entry():
    text = shown(result(finding(), finding(id="2", title="Suspect member of B: bob")))
    assert "What is wrong: 1\n" in text
    assert "also: Suspect member of B: bob" in text
    assert "What is wrong: 2\n" in shown(result(finding(), finding(id="2", account="eve")))


def test_other_findings_about_one_account_stay_apart():
    text = shown(result(finding(), finding(id="2", rule="access-kerberoastable", title="Roast")))
    assert "What is wrong: 2\n" in text


def test_what_is_left_out_is_counted():
    many = [finding(id=str(number), account=str(number)) for number in range(MAX_LINES + 3)]
    assert "… and 3 more: see --report FILE.html" in shown(result(*many))


def test_what_comes_next_depends_on_what_was_found():
    assert "Nothing: review again" in shown(result())
    assert "settle the 1 critical and 2 high above" in shown(result(
        finding(severity=Severity.CRITICAL), finding(id="2", account="b", severity=Severity.HIGH),
        finding(id="3", account="c", severity=Severity.HIGH)))  # fmt: skip
    decide = finding(rule="access-group-members", severity=Severity.INFORMATIONAL)
    assert "each of 1 member of 1 group, and the roles and rights above, on record" in " ".join(
        shown(result(decide)).split()
    )
    assert "Nothing: review again" not in shown(result(decide))
    large = shown(result(replace(decide, count=1_000)))
    assert "make 1 group smaller" in " ".join(large.split())
    assert "review start" not in large


def test_what_the_evidence_says_nothing_of_is_said():
    silent = replace(result(), run=replace(result().run, settings={NOT_JUDGED: "a (Get-A); b"}))
    text = " ".join(shown(silent).split())
    assert "Not judged, as nothing here tells of it: a (Get-A); b." in text
    assert "Nothing else: review again" in text


def test_lines_fit_the_console():
    text = shown(result(finding(why="word " * 100)), width=60)
    assert max(map(len, text.splitlines())) <= 100
    assert all(len(line) <= 60 for line in text.splitlines() if "word" in line)
