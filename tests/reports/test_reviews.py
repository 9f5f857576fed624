"""What a page says first of a review."""

from dataclasses import replace

import pytest

from exward.model.result import NOT_JUDGED
from exward.model.severity import Severity
from exward.reports import html
from exward.reports.reviews import headline
from tests.reports.hostile_result import hostile_result


def review(verb, *severities, **changes):
    whole = hostile_result()
    plain = replace(whole.findings[0], accepted="", rule="access-suspect-member")
    findings = tuple(replace(plain, id=str(number), severity=one)
                     for number, one in enumerate(severities))  # fmt: skip
    run = replace(whole.run, settings={"verb": verb})
    return replace(whole, run=run, findings=findings, verdicts=(), incidents=(), **changes)


@pytest.mark.parametrize(
    ("severities", "words"),
    [
        ((Severity.CRITICAL, Severity.HIGH, Severity.LOW), "1 critical and 1 high to settle, 0"),
        ((Severity.LOW,), "Nothing urgent, 0 groups to decide on."),
    ],
)
def test_a_review_of_access(severities, words):
    assert headline(review("access", *severities)).startswith(words)


def test_a_review_says_what_it_could_not_judge():
    whole = review("access", Severity.LOW)
    told = whole.run.settings | {NOT_JUDGED: "roles of Exchange (Get-X); rights on mailboxes"}
    silent = replace(whole, run=replace(whole.run, settings=told))
    assert headline(silent) == (
        "Nothing urgent, 0 groups to decide on. Not judged: roles of Exchange; rights on mailboxes."
    )


def test_a_review_of_service_accounts():
    whole = review("accounts")
    assert headline(whole) == "1 of 1 service account did what it never did."
    quiet = (replace(whole.accounts[0], anomalies=0),)
    assert headline(replace(whole, accounts=quiet)) == "1 service account: as always."


def test_a_scan_has_its_verdict():
    assert headline(review("scan", Severity.HIGH)) == ""


def test_the_page_of_a_review_tells_no_story_of_an_attack():
    page = "".join(html.render(review("access", Severity.CRITICAL)))
    assert "<h1>1 critical to settle, 0 groups to decide on.</h1>" in page
    assert 'id="story"' not in page
    assert 'id="findings"' in page
