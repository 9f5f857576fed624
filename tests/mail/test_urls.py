"""Where links lead in the end."""

from __future__ import annotations

import pytest

from exward.mail.urls import parse_url, target


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.google.co.uk/amp/badhost.net/x", "badhost.net"),
        ("https://google.com/amp/s/badhost.net", "badhost.net"),
        ("https://google.com/amp/help", "google.com"),
        ("https://fabrikam.com/amp/badhost.net/x", "fabrikam.com"),
    ],
)
def test_pages_shown_through_a_search_engine_are_those_of_their_host(url, host):
    link = parse_url(url)
    assert link is not None
    assert target(link).host == host
