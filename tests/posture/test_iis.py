"""What holds at one place of a site."""

import pytest

from exward.posture import iis
from exward.posture.data import Data
from exward.posture.inventory import Area, Inventory
from tests.posture.checks.inventories import with_files

ACCESS = "system.webServer/security/access"
SITE = "system.applicationHost/sites/site"
HOST = "applicationHost.config"


def inventory(*rows):
    areas = with_files({"iis-config": rows})
    return Inventory("EX01", areas={name: Area(Data(value), "x") for name, value in areas.items()})


@pytest.mark.parametrize(
    ("place", "flags"),
    [
        ("Default Web Site/owa", "Ssl"),
        ("default web site/owa/auth", "Ssl"),
        ("Default Web Site/ecp", "None"),
        ("Other/x", "Ssl128"),
    ],
)
def test_the_nearest_place_counts(place, flags):
    elements = iis.host_elements(
        inventory(
            {"Section": ACCESS, "Location": "", "sslFlags": "Ssl128", "File": HOST},
            {"Section": ACCESS, "Location": "Default Web Site", "sslFlags": "None", "File": HOST},
            {
                "Section": ACCESS,
                "Location": "Default Web Site/owa/",
                "sslFlags": "Ssl",
                "File": HOST,
            },
            {"Section": ACCESS, "Location": "Default Web Site/ecp", "File": HOST},
        )
    )
    values = iis.values_of(iis.ending(elements, ACCESS.lower()), "sslFlags")
    assert iis.holding(values, place) == flags


def test_nothing_holds_where_nothing_is_set():
    assert iis.holding({}, "Default Web Site/owa") is None


def test_files_of_the_server_and_of_its_sites_are_kept_apart():
    one = inventory(
        {"Section": f"{SITE}/application", "path": "/", "Within": "A", "File": HOST},
        {"Section": f"{SITE}/application/virtualDirectory", "path": "/", "physicalPath": "C:\\x",
         "Within": "A > /b", "File": HOST},
        {"Section": "system.web/compilation", "File": "web.config", "ReadFrom": "b/web.config"},
    )  # fmt: skip
    assert (len(iis.host_elements(one)), len(iis.web_elements(one))) == (2, 1)
    assert iis.applications(one) == {"a", "a/b"}
    assert iis.directories(iis.host_elements(one)) == (iis.Directory("a", "a/b", "C:\\x"),)
    ((place, _),) = iis.web_elements(one).placed("/compilation")
    assert place == "b/web.config"
    assert iis.host_elements(one) is iis.host_elements(one)


def test_a_name_is_not_the_end_of_another():
    found = iis.elements(inventory({"Section": "x/myadd"}))
    assert iis.ending(found, "/add") == ()
