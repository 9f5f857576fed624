"""The list that is shipped: whole, in order, and in the form that is looked up."""

from __future__ import annotations

import re

from exward.webshells.belonging.baseline import baseline, numbers
from exward.webshells.belonging.places import place_of

HOME = "C:/Program Files/Microsoft/Exchange Server/V15/"


def test_builds_are_in_order_and_every_hash_has_a_range_of_them():
    known = baseline()
    assert "CSS-Exchange" in known.source
    assert list(known.builds) == sorted(known.builds, key=numbers)
    for versions in known.files.values():
        assert versions
        for one in versions:
            assert re.fullmatch(r"[0-9a-f]{64}", one.sha256)
            assert 0 <= one.first <= one.last < len(known.builds)


def test_each_path_is_found_from_a_path_of_the_evidence():
    for path in baseline().files:
        place = place_of(HOME + path.replace("{build}", "15.2.858").upper())
        assert place is not None, path
        assert place.is_exchange
        assert place.stock_path == path


def test_what_is_known_of_a_page_that_was_overwritten_in_attacks():
    known = baseline()
    path = "frontend/httpproxy/owa/auth/redirsuiteserviceproxy.aspx"
    (version,) = known.files[path]
    assert known.knows(path, version.sha256)
    assert not known.knows(path, "0" * 64)
    assert not known.knows("frontend/httpproxy/owa/auth/none.aspx", version.sha256)
    assert known.has(path, known.builds.index("15.2.858.5"))


def test_a_build_compares_as_numbers():
    assert numbers("15.02.1118.007") == numbers("15.2.1118.7") > numbers("15.2.858.5")
