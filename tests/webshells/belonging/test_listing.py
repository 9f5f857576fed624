"""Files of a list and their copies."""

from __future__ import annotations

import pytest

from exward.webshells.belonging.files import WebFile
from exward.webshells.belonging.listing import Listed, Listing, copy_path
from exward.webshells.belonging.owners import NOT_KNOWN, Owner

HOME = "EX01.zip!"
OWNER = Owner("CONTOSO\\setup", "S-1-5-21-1-2-3-1104")
PAGE = r"C:\Exchange\FrontEnd\HttpProxy\owa\auth\x.aspx"


def _listed(origin, home=HOME, **known):
    return Listed(home, WebFile(copy_path(home, origin), "", known.pop("modified", None), **known))


@pytest.mark.parametrize(
    ("origin", "path"),
    [
        (r"C:\inetpub\wwwroot\x.aspx", "EX01.zip!files/C/inetpub/wwwroot/x.aspx"),
        ("d:/web//x.aspx", "EX01.zip!files/D/web/x.aspx"),
        ("\\\\?\\C:\\a\\x.aspx", "EX01.zip!files/C/a/x.aspx"),
        ("C:\\a.\\b \\x\x01?.aspx", "EX01.zip!files/C/a._/b _/x__.aspx"),
        (r"\\server\share\x.aspx", ""),
        ("x.aspx", ""),
        ("C:\\", ""),
        ("", ""),
    ],
)
def test_where_the_copy_of_a_file_lies(origin, path):
    assert copy_path(HOME, origin) == path


def test_a_copy_gets_owner_and_times_whatever_its_case_and_separators():
    listing = Listing([_listed(PAGE, owner=OWNER, created=1, modified=2)])
    copy = WebFile(
        r"EX01.zip!Files\c\exchange\FRONTEND\HttpProxy\owa\auth\X.ASPX", "a", 9, is_stock=True
    )
    whole = listing.completed(copy)
    assert (whole.owner, whole.created, whole.modified) == (OWNER, 1, 2)
    assert (whole.path, whole.sha256, whole.is_stock) == (copy.path, "a", True)


def test_what_a_list_does_not_say_is_kept():
    copy = WebFile(copy_path(HOME, PAGE), "a", 9)
    assert Listing([_listed(PAGE)]).completed(copy).modified == 9
    assert Listing([_listed(PAGE, home="EX02.zip!", owner=OWNER)]).completed(copy) == copy
    assert Listing([]).completed(copy) == copy


def test_of_a_file_that_is_listed_twice_the_first_counts():
    listing = Listing([_listed(PAGE, created=1), _listed(PAGE.upper(), created=2)])
    assert listing.completed(WebFile(copy_path(HOME, PAGE), "", None)).created == 1


def test_each_collection_has_its_own_installer():
    stock = [PAGE.replace("x.aspx", f"{number}.aspx") for number in range(3)]
    listing = Listing(
        [
            *(_listed(one, owner=OWNER) for one in stock),
            *(_listed(one, home="EX02.zip!", owner=NOT_KNOWN) for one in stock),
            *(_listed(f"C:\\inetpub\\wwwroot\\{n}.aspx", owner=Owner("x")) for n in range(99)),
        ]
    )
    assert listing.installers(copy_path(HOME, stock[0])) == {OWNER.key}
    assert listing.installers(copy_path("EX02.zip!", stock[0])) == frozenset()
    assert listing.installers("elsewhere.aspx") == frozenset()


def test_without_a_copy_are_files_of_web_folders_only():
    listing = Listing([_listed(PAGE), _listed(r"C:\temp\x.aspx")])
    (alone,) = listing.without(["y.aspx"])
    assert alone.path == copy_path(HOME, PAGE)
    assert list(listing.without([alone.path.upper()])) == []
