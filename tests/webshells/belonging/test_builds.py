"""The build of an installation: what logs say, what folders are called, what files fit."""

from __future__ import annotations

import struct

import pytest

from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.builds import NOT_TOLD, Build, Named, Names, build_of, builds_within
from exward.webshells.belonging.places import place_of
from tests.webshells.belonging.stock import ADMIN, ERROR, LOGON, OLD, SCRIPT, SIGNOUT, digest, page

pytestmark = pytest.mark.usefixtures("stock")

LAST = {
    LOGON: digest(page("logon")),
    ERROR: digest(page("error", 1)),
    SIGNOUT: digest(page("signout")),
    ADMIN: digest(page("admin", 1)),
}


def _build(files, logs=(), names=()):
    return build_of(files.items(), Names((), logs, names), baseline())


@pytest.mark.parametrize(
    ("files", "logs", "names", "name", "told_by", "places"),
    [
        (LAST, (), (), "15.2.858.5", "files", {4}),
        ({}, (), (), "", "", set()),
        ({LOGON: digest(b"x")}, (), (), "", "", set()),
        ({LOGON: LAST[LOGON]}, (), (), "15.1.2176.9 to 15.2.858.5", "files", {0, 1, 2, 3, 4}),
        ({**LAST, SIGNOUT: digest(b"x")}, (), (), "15.2.858.5", "files", {4}),
        ({}, ("15.02.0792.010", "15.2.858.5"), (), "15.2.858.5", "logs", {4}),
        (LAST, ("15.02.1118.007",), ("15.2.858",), "15.2.1118.7", "logs", set()),
        (LAST, (), ("15.2.792", "15.2.858"), "15.2.858.5", "folders", {4}),
        ({}, (), ("15.2.858",), "15.2.858.2 to 15.2.858.5", "folders", {3, 4}),
        ({}, (), ("15.2.858.5",), "15.2.858.5", "folders", {4}),
        (LAST, (), ("15.2.1118",), "15.2.1118", "folders", set()),
    ],
)
def test_what_tells_the_build(files, logs, names, name, told_by, places):
    assert _build(files, logs, names) == Build(name, told_by, frozenset(places))


def test_an_installation_with_many_strange_files_is_newer_than_the_list():
    strange = dict.fromkeys((ERROR, SIGNOUT, ADMIN), digest(b"of a later update"))
    known = {LOGON: LAST[LOGON]}
    assert _build(strange | known, (), ("15.2.858",)).places == frozenset()
    assert _build(strange | known) == NOT_TOLD
    strange = dict.fromkeys((ADMIN, OLD, SCRIPT), digest(b"of a later update"))
    known = {path: LAST[path] for path in (LOGON, ERROR, SIGNOUT)}
    assert _build(strange | known) == Build("15.2.858.5 or newer", "files", frozenset())


def test_a_later_update_says_nothing_of_a_folder_of_its_name():
    assert Build("15.2.858.9", "logs", frozenset()).is_later_than("15.2.858")
    assert not Build("15.2.858.9", "logs", frozenset()).is_later_than("15.2.85")
    assert not Build("15.2.858.5", "logs", frozenset({4})).is_later_than("15.2.858")
    assert builds_within("15.2.858", baseline()) == {3, 4}


def test_builds_are_noted_from_paths_and_logs():
    named = Named()
    home = "a.zip!C/V15/"
    for path, head in (
        (f"{home}FrontEnd/HttpProxy/owa/auth/15.2.858/themes/x.png", b""),
        (f"{home}ClientAccess/owa/prem/15.2.858.5/x.js", b""),
        (f"{home}Logging/HttpProxy/Owa/HttpProxy_1.LOG",
         b"#Software: Microsoft Exchange Server\r\n#Version: 15.02.0858.005\r\n"),
        ("elsewhere/HttpProxy_1.LOG", b"#Version: 15.02.0858.005\r\n"),
        (f"{home}Logging/HttpProxy/Owa/HttpProxy_2.LOG", b"no version"),
    ):  # fmt: skip
        named.note(path, head, place_of(path))
    assert named.folders == {home.lower(): {"15.2.858", "15.2.858.5"}}
    assert named.logs == {home.lower(): {"15.02.0858.005"}}


PROGRAM = (
    b"MZ" + b"\0" * 900 + struct.pack("<IIHHHH", 0xFEEF04BD, 0x10000, 2, 15, 5, 858) + b"\0" * 9
)


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a.zip!C/V15/Bin/ExSetup.exe", PROGRAM, {"a.zip!c/v15/": {"15.2.858.5"}}),
        ("C:\\V15\\bin\\EXSETUP.EXE", PROGRAM, {"c:/v15/": {"15.2.858.5"}}),
        ("Bin/ExSetup.exe", PROGRAM, {"": {"15.2.858.5"}}),
        ("V15/Bin/ExSetup.exe", PROGRAM[:912], {}),
        ("V15/ExSetup.exe", PROGRAM, {}),
        ("V15/Bin/MyExSetup.exe", PROGRAM, {}),
    ],
)
def test_the_version_of_the_program_is_the_build(path, head, expected):
    named = Named()
    named.note(path, head, place_of(path))
    assert named.programs == expected


def test_the_program_says_more_than_a_log():
    named = Names(("15.2.858.5",), ("15.2.858.2",), ("15.2.1118",))
    assert build_of([], named, baseline()) == Build("15.2.858.5", "program", frozenset({4}))
