"""What the workers hand over: known files, scripts that the list can judge, notes of ASP.NET."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.webshells import page
from exward.webshells.belonging import files
from tests.webshells.belonging.stock import LOGON, digest
from tests.webshells.belonging.stock import page as stock_page

pytestmark = pytest.mark.usefixtures("stock")

TEMPORARY = "C/Windows/Microsoft.NET/Framework64/v4.0.30319/Temporary ASP.NET Files"
NOTE = (
    b'<?xml version="1.0" encoding="utf-8"?>\r\n<preserve resultType="3" '
    b'virtualPath="/owa/auth/Help.aspx" hash="fffffff" filehash="fffff" flags="110000" '
    b'assembly="App_Web_help.aspx.cdcab7d2.abcdefgh" type="ASP.help_aspx">\r\n  <filedeps />'
    b"\r\n</preserve>"
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("V15/FrontEnd/HttpProxy/owa/auth/15.2.858/scripts/premium/flogon.js", True),
        ("V15/FrontEnd/HttpProxy/owa/auth/15.2.858/scripts/premium/other.js", False),
        ("flogon.js", False),
        (f"{TEMPORARY}/owa/8e05b027/e164d61b/help.aspx.cdcab7d2.compiled", True),
        ("C/inetpub/wwwroot/bin/help.aspx.cdcab7d2.compiled", False),
        (f"{TEMPORARY}/owa/x.zip!help.compiled", False),
    ],
)
def test_which_files_are_judged_besides_pages(path, expected):
    assert page.is_page(path, b"function f() {}") is expected


def test_a_stock_file_is_known_by_path_and_hash():
    sha256 = digest(stock_page("logon"))
    assert files.is_stock(f"V15/{LOGON}", sha256)
    assert not files.is_stock("V15/FrontEnd/HttpProxy/owa/auth/logon2.aspx", sha256)
    assert not files.is_stock(f"V15/{LOGON}", digest(b"x"))
    assert not files.is_stock("logon.aspx", sha256)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (NOTE, "/owa/auth/help.aspx"),
        (NOTE.replace(b'"', b"'"), "/owa/auth/help.aspx"),
        (NOTE.replace(b"Help", b"a&amp;b"), "/owa/auth/a&b.aspx"),
        (b"", ""),
        (b"<preserve", ""),
        (b"<preserve " + b"a" * 100_000, ""),
    ],
)
def test_the_page_that_was_compiled(data, expected):
    assert files.virtual_path(data) == expected


@given(st.binary(max_size=300))
def test_a_note_of_any_bytes_is_read(data):
    assert isinstance(files.virtual_path(NOTE[:60] + data), str)
