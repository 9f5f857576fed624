"""Where a file lies, told from any form of its path; and what is no place of a web server."""

from __future__ import annotations

import pytest

from exward.webshells.belonging.folders import folders
from exward.webshells.belonging.places import place_of

AUTH = "FrontEnd\\HttpProxy\\owa\\auth\\"


@pytest.mark.parametrize(
    ("path", "root", "url", "anonymous"),
    [
        (f"C:\\Ex\\V15\\{AUTH}x.aspx", "c:/ex/v15/", "/owa/auth/x.aspx", "/owa/auth"),
        ("a.zip!D/V15/FrontEnd/HttpProxy/ecp/auth/x.aspx", "a.zip!d/v15/", "/ecp/auth/x.aspx",
         "/ecp/auth"),
        ("a.zip!FrontEnd/HttpProxy/ews/x.aspx", "a.zip!", "/ews/x.aspx", ""),
        ("FrontEnd/HttpProxy/owa/auth/x.aspx", "", "/owa/auth/x.aspx", "/owa/auth"),
        ("V15//ClientAccess//exchweb\\EWS/x.asmx", "v15/", "/ews/x.asmx", ""),
        ("V15/ClientAccess/ecp/x.aspx", "v15/", "/ecp/x.aspx", ""),
        ("/cases/clientaccess/EX01/V15/ClientAccess/owa/x.aspx", "/cases/clientaccess/ex01/v15/",
         "/owa/x.aspx", ""),
        ("C:/inetpub/wwwroot/aspnet_client/system_web/x.aspx", "c:/",
         "/aspnet_client/system_web/x.aspx", "/aspnet_client"),
        ("C:/inetpub/wwwroot/x.aspx", "c:/", "/x.aspx", "/"),
    ],
)  # fmt: skip
def test_a_place(path, root, url, anonymous):
    place = place_of(path)
    assert place is not None
    assert (place.root, place.url, place.anonymous) == (root, url, anonymous)


@pytest.mark.parametrize(
    "path",
    ["", "x.aspx", "C:/www/x.aspx", "clientaccess/notes/x.aspx", "myclientaccess/owa/x.aspx",
     "V15/FrontEnd/HttpProxy/owa/auth/x.zip!y.aspx", "C:/inetpub/wwwroot"],
)  # fmt: skip
def test_no_place(path):
    assert place_of(path) is None


@pytest.mark.parametrize(
    ("folder", "build"),
    [("15.2.858", "15.2.858"), ("15.1.2242.4", "15.1.2242.4"), ("Current", ""), ("themes", "")],
)
def test_a_folder_may_be_named_by_a_build(folder, build):
    place = place_of(f"V15/{AUTH}{folder}\\scripts\\premium\\flogon.js")
    assert place is not None
    assert place.build == build
    assert ("{build}" in place.stock_path) is (folder != "themes")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"V15/{AUTH}logon.aspx", True),
        (f"V15/{AUTH}15.2.858/scripts/premium/FLogon.js", True),
        (f"V15/{AUTH}other.aspx", False),
        ("C:/inetpub/wwwroot/logon.aspx", False),
    ],
)
def test_pages_of_the_logon(path, expected):
    place = place_of(path)
    assert place is not None
    assert place.is_logon is expected


def test_what_is_known_of_folders_names_its_source():
    known = folders()
    named = (known.back_end, known.logon, known.campaign)
    sources = [one.source for one in known.anonymous] + [one.source for one in named]
    assert all(source.startswith("https://") for source in sources)
