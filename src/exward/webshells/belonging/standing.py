"""How a web file compares with Exchange's stock files."""

from __future__ import annotations

from enum import StrEnum

from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.builds import Build, builds_within
from exward.webshells.belonging.places import ASPNET_CLIENT, FRONT_END, Place

COVERED = frozenset({"aspx", "ascx", "svc", "asax", "master", "ashx", "asmx"})
"""Kinds of which the baseline lists every file; of others (programs, scripts for browsers, text)
it has some or none, so that one it does not list says nothing."""
FOREIGN = COVERED | {"asp", "asa", "cer", "cdx", "cshtml", "vbhtml", "soap"}
"""With those of which Exchange ships no file at all."""


class Standing(StrEnum):
    """The answers. `NO_BASELINE` is no suspicion: the list cannot say."""

    KNOWN_GOOD = "known-good"
    OTHER_BUILD = "other-build"
    MODIFIED = "modified"
    UNKNOWN = "unknown"
    NO_BASELINE = "no-baseline"


def standing_of(place: Place | None, sha256: str, build: Build) -> Standing:
    """Judge a file of an installation with this build by its place and hash.

    The front end's folders held the same few pages in each of the builds from 2013 to 2021: a page
    of another path there is unknown even if the installation is newer than the list.
    """
    if place is None:
        return Standing.NO_BASELINE
    path = place.stock_path
    extension = path.rpartition(".")[2]
    if not place.is_exchange:
        is_foreign = place.path.startswith(ASPNET_CLIENT) and extension in FOREIGN
        return Standing.UNKNOWN if is_foreign else Standing.NO_BASELINE
    known = baseline()
    places = build.places
    if place.build and not build.is_later_than(place.build):
        places = builds_within(place.build, known)
    versions = known.files.get(path, ())
    fitting = [one for one in versions if one.sha256 == sha256]
    if fitting:
        own = any(one.first <= build <= one.last for one in fitting for build in places)
        return Standing.KNOWN_GOOD if own else Standing.OTHER_BUILD
    if any(known.has(path, build) for build in places):
        return Standing.MODIFIED
    if extension not in FOREIGN:
        return Standing.NO_BASELINE
    is_new = not versions and path.startswith(FRONT_END)
    return Standing.UNKNOWN if places or is_new else Standing.NO_BASELINE
