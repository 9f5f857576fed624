"""Attached pages and pictures that lead elsewhere."""

from __future__ import annotations

import pytest

from exward.mail.checks import leads_on
from tests.mail.letters import attached, facts

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><a {}="{}"><rect/></a></svg>'


def weights(content, name):
    return [sign.weight for sign in leads_on.find(facts(attached(content.encode(), name)))]


@pytest.mark.parametrize("page", [
    "<html><body onload=\"window.location.href='https://badhost.net/#a'\"></body></html>",
    "<html><script>location.replace(atob('aHR0cHM6'))</script></html>",
    "<html><meta http-equiv=refresh content='0; url=https://badhost.net/'></html>",
])  # fmt: skip
def test_a_page_that_leads_on(page):
    assert weights(page, "scan.html") == [4.0]
    shown = page.replace("</html>", f"<p>{'A report to read. ' * 40}</p></html>")
    assert weights(shown, "scan.html") == []


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
def test_a_picture_that_is_a_link(attribute):
    assert weights(SVG.format(attribute, "https://badhost.net/login"), "a.svg") == [5.0]
    help_page = "https://www.drawio.com/doc/faq/svg-export-text-problems"
    assert weights(SVG.format(attribute, help_page), "a.svg") == []
    assert weights(SVG.format(attribute, "#part"), "a.svg") == []
