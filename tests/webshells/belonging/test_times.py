"""How much newer a file is than its folder, or than the installation."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.times import DAY, newer

AUTH = "V15/FrontEnd/HttpProxy/owa/auth"
ADMIN = "V15/ClientAccess/ecp"


def _file(path, day):
    return WebFile(path, "", None if day is None else day * DAY)


TRUSTED = [
    _file(f"{AUTH}/logon.aspx", 100),
    _file(f"{AUTH}/logoff.aspx", 103),
    _file(f"{AUTH}/frowny.aspx", None),
    _file(f"{ADMIN}/default.aspx", 110),
    _file("C:/inetpub/wwwroot/aspnet_client/x.aspx", 500),
    _file("loose.aspx", 900),
]


@pytest.mark.parametrize(
    ("path", "day", "expected"),
    [
        (f"{AUTH}/x.aspx", 203, "it is 100 days newer than the 2 pages in its folder"),
        (f"{AUTH}/x.aspx", 104, "it is 1 day newer than the 2 pages in its folder"),
        (f"{AUTH}/x.aspx", 103, ""),
        (f"{AUTH}/x.aspx", 5, ""),
        (f"{AUTH}/x.aspx", None, ""),
        (f"{ADMIN}/x.aspx", 120, "it is 10 days newer than the 3 pages of the installation"),
        ("other/ClientAccess/ecp/x.aspx", 120, ""),
        ("C:/inetpub/wwwroot/aspnet_client/y.aspx", 900, ""),
        ("z.aspx", 900, ""),
    ],
)
def test_how_much_newer(path, day, expected):
    assert newer(TRUSTED)(_file(path, day)) == expected


@pytest.mark.parametrize(
    ("modified", "created", "expected"),
    [
        (5, 203, "it was created 100 days after the 2 pages in its folder"),
        (5, 104, "it was created 1 day after the 2 pages in its folder"),
        (None, 203, "it was created 100 days after the 2 pages in its folder"),
        (203, 503, "it is 100 days newer than the 2 pages in its folder"),
        (5, 103, ""),
        (5, None, ""),
    ],
)
def test_a_page_with_an_old_time_may_be_younger(modified, created, expected):
    trusted = [replace(one, created=one.modified) for one in TRUSTED]
    file = _file(f"{AUTH}/x.aspx", modified)
    file = replace(file, created=None if created is None else created * DAY)
    assert newer(trusted)(file) == expected
    assert "created" not in newer(TRUSTED)(file)
