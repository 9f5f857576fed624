"""What changed between two scans, and nobody looked is not gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.finding import Grade
from exward.model.incident import Verdict
from exward.model.severity import Severity
from exward.reports.diff import diff, render_diff
from tests.reports.hostile_result import TEXT, hostile_result
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result


def _text(a, b):
    return "".join(render_diff(diff(a, b)))


@pytest.mark.parametrize("make", [clean_case, empty_result, sample_result, hostile_result])
def test_a_result_does_not_differ_from_itself(make):
    assert not diff(make(), make())
    assert _text(make(), make()).startswith("No difference")


def test_new_gone_and_not_looked_at():
    case = clean_case()
    first, second, *rest = case.findings
    unread = replace(second, evidence=(replace(second.evidence[0], file="elsewhere.log"),))
    bare = replace(second, id="bare", evidence=())
    a = replace(case, findings=(first, unread, bare, *rest[1:]))
    b = replace(case, findings=tuple(rest))
    changes = diff(a, b)
    assert changes.new == (rest[0],)
    assert changes.gone == (first,)
    assert {one.id for one in changes.not_looked_at} == {second.id, "bare"}
    assert changes.worse == ()


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ({"severity": Severity.LOW}, {"severity": Severity.HIGH}, True),
        ({"severity": Severity.HIGH}, {"severity": Severity.LOW}, False),
        ({"grade": Grade.ATTEMPT}, {"grade": Grade.SUCCESS}, True),
        ({"grade": Grade.SUCCESS}, {"grade": Grade.ATTEMPT}, False),
        ({"count": 1}, {"count": 100}, False),
    ],
)
def test_worse(before, after, worse):
    case = clean_case()
    old, new = (replace(case.findings[0], **changes) for changes in (before, after))
    changes = diff(replace(case, findings=(old,)), replace(case, findings=(new,)))
    assert bool(changes.worse) == worse
    assert not changes.new
    assert not changes.gone
    text = "".join(render_diff(changes))
    assert ("Worse findings (1)" in text) == worse


def test_verdicts_that_changed_appeared_or_vanished():
    case = clean_case()
    ex01, ex02, ex03, *_ = case.verdicts
    a = replace(case, verdicts=(ex01, ex02))
    b = replace(case, verdicts=(replace(ex02, verdict=Verdict.COMPROMISED, because="Now."), ex03))
    changes = diff(a, b).verdicts
    assert [(one.server, one.before, one.after) for one in changes] == [
        ("EX02", Verdict.ATTEMPTED, Verdict.COMPROMISED),
        ("EX03", None, Verdict.EXPOSED),
        ("EX01", Verdict.COMPROMISED, None),
    ]
    text = _text(a, b)
    assert "EX02: attempted → compromised. Now.\n" in text
    assert "EX01: compromised → not seen. " in text


def test_text_names_each_change():
    text = _text(empty_result(), clean_case())
    assert f"New findings ({len(clean_case().findings)})" in text
    assert all(finding.title in text for finding in clean_case().findings)
    assert "Gone" not in text
    assert "Not looked at" in _text(clean_case(), empty_result())


def test_hostile_values_do_not_act():
    for text in (_text(empty_result(), hostile_result()), _text(hostile_result(), empty_result())):
        assert text.encode("utf-8")
        assert text.replace("\n", "").isprintable()
        assert TEXT not in text
        assert "\\x1b" in text


@given(st.sets(st.integers(0, 19)), st.sets(st.integers(0, 19)))
def test_every_finding_of_both_sides_is_accounted_for(left, right):
    many = large_result(20, 3)
    a, b = (
        replace(many, findings=tuple(many.findings[number] for number in sorted(side)))
        for side in (left, right)
    )
    changes = diff(a, b)
    assert {one.id for one in changes.new} == {many.findings[number].id for number in right - left}
    missing = {one.id for one in (*changes.gone, *changes.not_looked_at)}
    assert missing == {many.findings[number].id for number in left - right}


@pytest.mark.parametrize(
    ("path", "paths", "web_files", "is_gone"),
    [
        ("case/EX01/a.aspx", ("case/",), True, True),
        ("case.zip!a.aspx", ("other", "case.zip"), True, True),
        (r"C:\inetpub\a.aspx", ("C:\\inetpub",), True, True),
        ("case2/a.aspx", ("case",), True, False),
        ("case/a.aspx", ("case",), False, False),
    ],
)
def test_a_web_file_that_is_gone_was_looked_for(path, paths, web_files, is_gone):
    case = clean_case()
    first = case.findings[0]
    shell = replace(first, id="s", path=path, evidence=(replace(first.evidence[0], file=path),))
    counted = sample_result().web_files if web_files else ()
    later = replace(case, run=replace(case.run, paths=paths), web_files=counted)
    changes = diff(replace(case, findings=(*case.findings, shell)), later)
    assert changes.gone == ((shell,) if is_gone else ())
    assert changes.not_looked_at == (() if is_gone else (shell,))
