"""One source that fails with many accounts."""

from __future__ import annotations

import pytest

from exward.accounts.spray import MIN_ACCOUNTS, Sprays
from tests.accounts.made import at, logon


def failures(count: int, **changes: str) -> Sprays:
    sprays = Sprays()
    for number in range(count):
        given = {"address": "203.0.113.9", "source_host": "", **changes}
        sprays.take(logon(at(0, 1, number), account=f"u{number}", succeeded=False, **given))
    return sprays


@pytest.mark.parametrize(("count", "found"), [(MIN_ACCOUNTS, 1), (MIN_ACCOUNTS - 1, 0)])
def test_enough_accounts_within_an_hour(count: int, found: int) -> None:
    assert len(failures(count).found) == found


@pytest.mark.parametrize(
    ("source", "found"), [({"source_host": "pc7"}, 1), ({"source_host": "ex01"}, 0), ({}, 0)]
)
def test_a_server_that_names_itself_names_no_source(source: dict[str, str], found: int) -> None:
    assert len(failures(MIN_ACCOUNTS, address="", target="ex01", **source).found) == found
