"""Short HTML that would cost much, and HTML that stays as it is."""

from __future__ import annotations

import pytest

from exward.mail.page_bounds import MAX_TAGS, bounded
from exward.mail.pages import read_page

FORMATS = "".join(f"<b id={number}>" for number in range(2000))
END = "<p>Pay <font style='display:none'>unseen</font> <a href='https://badhost.net/'>here</a></p>"
COSTLY = {
    "formats": f"<p>{FORMATS}{'</p><p>x' * 2000}",
    "formats behind what seems to close them": "<p>" + "<b id=1><!--</b>-->" * 2000 + "<p>x" * 2000,
    "formats in capitals": f"<p>{FORMATS.upper()}{'</p><p>x' * 2000}",
    "depth": "<div>" * 200_000,
    "depth of several": "<div style='display:block'><b><i>" * 20_000,
    "depth of tables": "<table><tr><td>" * 50_000,
    "lists": "<ul><li>" * 90_000,
    "links": "<a href=x><div>" * 60_000,
    "objects": "<object>" * 100_000,
    "foreign": "<svg><foreignObject>" * 40_000,
    "unknown": "<x-y>" * 150_000,
    "broken": "<div <>" * 40_000,
}


@pytest.mark.parametrize("html", COSTLY.values(), ids=COSTLY)
def test_what_would_cost_much_is_read_to_its_end(html):
    page = read_page(html + END)
    assert page.tags < 200_000
    assert "https://badhost.net/" in {link.href for link in page.links} or len(page.links) == 1000
    assert "Pay" in page.text


def test_formatting_that_hides_something_still_does():
    page = read_page(f"<p>{FORMATS}{'</p><p>x' * 2000}{END}")
    assert "unseen" in page.hidden


@pytest.mark.parametrize("html", [
    "<p><b>Two</b> words</p>" * 100, "<table>" + "<tr><td>1</td></tr>" * (MAX_TAGS // 4 - 1),
    "a < b", "",
])  # fmt: skip
def test_what_costs_little_stays(html):
    assert bounded(html) == html
