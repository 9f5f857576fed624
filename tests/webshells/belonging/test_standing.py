"""The five answers, and that the want of a baseline is never one of the others."""

from __future__ import annotations

import pytest

from exward.webshells.belonging.builds import NOT_TOLD, Build
from exward.webshells.belonging.places import place_of
from exward.webshells.belonging.standing import Standing, standing_of
from tests.webshells.belonging.stock import AUTH, ERROR, LOGON, OLD, SCRIPT, digest, page

pytestmark = pytest.mark.usefixtures("stock")

LAST = Build("15.2.858.5", "logs", frozenset({4}))
NEWER = Build("15.2.1118.7", "logs", frozenset())
OTHER = b"something else"


@pytest.mark.parametrize(
    ("path", "data", "build", "expected"),
    [
        (LOGON, page("logon"), LAST, Standing.KNOWN_GOOD),
        (LOGON, page("logon"), NEWER, Standing.OTHER_BUILD),
        (LOGON, page("logon"), NOT_TOLD, Standing.OTHER_BUILD),
        (ERROR, page("error", 0), LAST, Standing.OTHER_BUILD),
        (OLD, page("old"), LAST, Standing.OTHER_BUILD),
        (LOGON, OTHER, LAST, Standing.MODIFIED),
        (LOGON, page("error", 1), LAST, Standing.MODIFIED),
        (LOGON, OTHER, NEWER, Standing.NO_BASELINE),
        (LOGON, OTHER, NOT_TOLD, Standing.NO_BASELINE),
        (OLD, OTHER, LAST, Standing.UNKNOWN),
        ("clientaccess/ecp/x.aspx", OTHER, LAST, Standing.UNKNOWN),
        ("clientaccess/ecp/x.aspx", OTHER, NEWER, Standing.NO_BASELINE),
        (f"{AUTH}/x.aspx", OTHER, LAST, Standing.UNKNOWN),
        (f"{AUTH}/x.aspx", OTHER, NEWER, Standing.UNKNOWN),
        (f"{AUTH}/x.asp", OTHER, LAST, Standing.UNKNOWN),
        (f"{AUTH}/x.dll", OTHER, LAST, Standing.NO_BASELINE),
        (f"{AUTH}/x.png", OTHER, LAST, Standing.NO_BASELINE),
        ("inetpub/wwwroot/aspnet_client/x.aspx", OTHER, NOT_TOLD, Standing.UNKNOWN),
        ("inetpub/wwwroot/x.aspx", OTHER, NOT_TOLD, Standing.NO_BASELINE),
    ],
)
def test_a_standing(path, data, build, expected):
    assert standing_of(place_of(f"V15/{path}"), digest(data), build) is expected


@pytest.mark.parametrize(
    ("folder", "build", "expected"),
    [
        ("15.2.858", LAST, Standing.MODIFIED),
        ("15.2.792", NEWER, Standing.MODIFIED),
        ("15.2.1118", LAST, Standing.NO_BASELINE),
        ("current", LAST, Standing.MODIFIED),
        ("current", NEWER, Standing.NO_BASELINE),
        ("15.2.1118", NEWER, Standing.NO_BASELINE),
    ],
)
def test_a_file_in_the_folder_of_a_build_is_judged_by_that_build(folder, build, expected):
    place = place_of(f"V15/{SCRIPT.replace('{build}', folder)}")
    assert standing_of(place, digest(OTHER), build) is expected


def test_a_file_anywhere_else_has_no_baseline():
    assert standing_of(None, digest(OTHER), LAST) is Standing.NO_BASELINE
