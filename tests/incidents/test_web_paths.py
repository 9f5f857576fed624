"""A file that was written and the page that was called have one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents.web_paths import as_web_path, is_stock_page, is_system_program

EXCHANGE = r"C:\Program Files\Microsoft\Exchange Server\V15"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\inetpub\wwwroot\aspnet_client\a.aspx", "/aspnet_client/a.aspx"),
        (r"inetpub\wwwroot\aspnet_client\A.ASPX", "/aspnet_client/a.aspx"),
        (r"\\127.0.0.1\c$\inetpub\wwwroot\aspnet_client\a.aspx", "/aspnet_client/a.aspx"),
        (rf"{EXCHANGE}\FrontEnd\HttpProxy\owa\auth\Help.aspx", "/owa/auth/help.aspx"),
        (rf"{EXCHANGE}\ClientAccess\owa\x.ashx", "/owa/x.ashx"),
        (r"C:\Users\b\x.exe", "/users/b/x.exe"),
        (r"\Device\HarddiskVolume2\Users\b\x.exe", "/users/b/x.exe"),
        (r"\\?\C:\Users\b\x.exe", "/users/b/x.exe"),
        (r"\\fs01\c$\Users\b\x.exe", "/users/b/x.exe"),
        (r"Users\b\x.exe", "/users/b/x.exe"),
        (r'"C:\Tools\x.exe"', "/tools/x.exe"),
        (r"C:\inetpub\wwwroot\logo.png", "/inetpub/wwwroot/logo.png"),
        ("%COMSPEC% /c ping 127.0.0.1 && echo > /x/pipe", ""),
        (r"C:\Tools\x.exe -enc QQBB", ""),
        ("System", ""),
        ("x.exe", ""),
        ("", ""),
    ],
)
def test_files(text: str, expected: str) -> None:
    assert as_web_path(text, is_url=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/aspnet_client/A.aspx", "/aspnet_client/a.aspx"),
        ("//owa//auth/x.aspx", "/owa/auth/x.aspx"),
        ("/owa/", ""),
        ("/owa/auth/logo.png", ""),
        ("a.aspx", ""),
    ],
)
def test_urls(text: str, expected: str) -> None:
    assert as_web_path(text, is_url=True) == expected


def test_what_every_server_has() -> None:
    assert is_stock_page("/owa/auth/logon.aspx")
    assert not is_stock_page("/owa/auth/help.aspx")
    assert is_system_program("/windows/system32/cmd.exe")
    assert not is_system_program("/windows/temp/x.exe")


@given(st.text(), st.booleans())
def test_never_raises(text: str, is_url: bool) -> None:
    path = as_web_path(text, is_url=is_url)
    assert path == "" or path.startswith("/")
