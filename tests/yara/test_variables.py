"""External variables as the rules of public sets use them."""

from __future__ import annotations

import pytest

from exward.yara.variables import NAMES, values_of


@pytest.mark.parametrize(
    ("path", "filename", "filepath", "extension"),
    [
        ("case.zip!C/inetpub/wwwroot/X.ASPX", "X.ASPX", r"case.zip\C\inetpub\wwwroot", ".aspx"),
        (r"D:\web\a.b.asp", "a.b.asp", r"D:\web", ".asp"),
        ("shell.asp", "shell.asp", "", ".asp"),
        ("/srv/.htaccess", ".htaccess", r"\srv", ""),
        ("noending", "noending", "", ""),
        ("a\udc80/b\udc81.asp", "b?.asp", "a?", ".asp"),
    ],
)
def test_names(path, filename, filepath, extension):
    values = values_of(path, b"")
    assert tuple(values) == NAMES
    assert (values["filename"], values["filepath"], values["extension"]) == (
        filename, filepath, extension,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"MZ\x90", "EXE"), (b"GIF89a<%", "GIF"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"<%", "UNKNOWN")],
)
def test_types_by_the_first_bytes(data, kind):
    assert values_of("a", data)["filetype"] == kind
