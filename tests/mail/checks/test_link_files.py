"""Links to files and programs."""

from __future__ import annotations

import pytest

from exward.mail.checks import link_files
from tests.mail.letters import facts, html, letter

LINK = '<a href="{}">See</a>'


def weights(raw):
    return [sign.weight for sign in link_files.find(facts(raw))]


def test_a_locked_archive_behind_a_link():
    text = "http://badhost.net/uo/doc8812.zip?x=1\nFile password: U523\n"
    assert weights(letter(text)) == [5.0]
    assert weights(letter(text.replace("File password: U523", ""))) == []
    assert weights(letter(text.replace(".zip", ""))) == []


@pytest.mark.parametrize(("href", "weight"), [
    ("https://badhost.net/a/update.hta", 5.0),
    ("search-ms:query=invoice&crumb=location:\\\\badhost.net\\share", 6.0),
    ("ms-msdt:/id PCWDiagnostic", 6.0),
    ("file://badhost.net/share/a.lnk", 5.0),
    ("\\\\badhost.net\\share", 5.0),
])  # fmt: skip
def test_what_windows_runs_or_hands_over(href, weight):
    assert weight in weights(html(LINK.format(href)))


@pytest.mark.parametrize("href", [
    "https://fabrikam.example/tool.zip", "https://fabrikam.example/one", "mailto:a@b.example",
    "ms-word:ofe|u|https://contoso.sharepoint.com/a.docx", "file:///C:/temp/a.docx",
    "file://a.cfg;sha256sum=1f", "file://tiogapass.cfg",
    "https://fabrikam.example/search?q=a.hta", "#part",
])  # fmt: skip
def test_usual_links(href):
    assert weights(html(LINK.format(href))) == []
