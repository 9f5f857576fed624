"""What is said of one file beside its code."""

from __future__ import annotations

import pytest

from exward.webshells.belonging import context as about
from exward.webshells.belonging.builds import NOT_TOLD, Build
from exward.webshells.belonging.context import Context
from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.places import place_of
from exward.webshells.belonging.standing import Standing

pytestmark = pytest.mark.usefixtures("stock")

LAST = Build("15.2.858.5", "logs", frozenset({4}))


def _context(path, standing, build=NOT_TOLD, modified=None, age=""):
    return Context(WebFile(path, "", modified), place_of(path), standing, build, age)


@pytest.mark.parametrize(
    ("path", "standing", "build", "said"),
    [
        (
            "V15/ClientAccess/ecp/x.aspx", Standing.MODIFIED, LAST,
            ["it differs from the stock file of Exchange 15.2.858.5"],
        ),
        (
            "V15/FrontEnd/HttpProxy/owa/auth/15.2.792/scripts/premium/flogon.js",
            Standing.MODIFIED, LAST,
            ["it differs from the stock file of Exchange 15.2.792",
             "/owa/auth is served without signing in"],
        ),
        (
            "V15/FrontEnd/HttpProxy/ews/x.aspx", Standing.UNKNOWN, NOT_TOLD,
            ["no stock file of Exchange 15.1.2176.9 to 15.2.858.5, the builds of the list, "
             "has its path"],
        ),
        (
            "C/inetpub/wwwroot/aspnet_client/x.aspx", Standing.UNKNOWN, NOT_TOLD,
            ["its folder holds no page of Windows or Exchange",
             "/aspnet_client is served without signing in"],
        ),
        ("x.aspx", Standing.NO_BASELINE, NOT_TOLD, []),
    ],
)  # fmt: skip
def test_what_is_said(path, standing, build, said):
    assert about.notes(_context(path, standing, build)) == said
    assert about.notes(_context(path, standing, build, age="it is new")) == [*said, "it is new"]


@pytest.mark.parametrize(
    ("modified", "expected"),
    [(0, "1970-01-01T00:00:00Z"), (1 << 62, ""), (-(1 << 62), ""), (-1, "1969-12-31T23:59:59Z")],
)
def test_a_time_outside_of_any_calendar_is_left_out(modified, expected):
    fields = about.fields(_context("x.aspx", Standing.NO_BASELINE, modified=modified))
    assert fields.get("modified", "") == expected
    assert fields["baseline"] == "no-baseline"
