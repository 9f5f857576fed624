"""What an owner says of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.webshells.belonging.owners import (
    FEWEST_INSTALLED,
    MAX_NAME_CHARS,
    NOT_KNOWN,
    Owner,
    installers,
    is_web_server,
    owner_of,
    said,
)

NOBODY: frozenset[str] = frozenset()
POOL = Owner("IIS APPPOOL\\MSExchangeOWAAppPool", "S-1-5-82-1-2-3-4-5")
PERSON = Owner("CONTOSO\\j.doe", "S-1-5-21-1-2-3-1105")
ADMIN = Owner("CONTOSO\\setup", "S-1-5-21-1-2-3-1104")
INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


@pytest.mark.parametrize(
    "owner",
    [
        NOT_KNOWN,
        Owner("VORDEFINIERT\\Administratoren", "S-1-5-32-544"),
        Owner("NT-AUTORITÄT\\SYSTEM", "S-1-5-18"),
        Owner("NT SERVICE\\TrustedInstaller", INSTALLER),
        Owner("nt authority\\SYSTEM"),
        Owner("BUILTIN\\Administrators"),
    ],
)
def test_who_may_own_any_page_says_nothing(owner):
    assert said(owner, NOBODY) == ""


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (
            POOL,
            "its owner is IIS APPPOOL\\MSExchangeOWAAppPool: the web server itself wrote it",
        ),
        (Owner("iis apppool\\x"), "its owner is iis apppool\\x: the web server itself wrote it"),
        (Owner("", POOL.sid), f"its owner is {POOL.sid}: the web server itself wrote it"),
        (
            Owner("AUTORITE NT\\SERVICE RÉSEAU", "S-1-5-20"),
            "its owner is AUTORITE NT\\SERVICE RÉSEAU: a service wrote it, most often the web "
            "server",
        ),
        (
            PERSON,
            "its owner is CONTOSO\\j.doe, neither the system nor the administrators",
        ),
        # The SID decides: whoever may name accounts may name one like this.
        (
            Owner("NT AUTHORITY\\SYSTEM", PERSON.sid),
            "its owner is NT AUTHORITY\\SYSTEM, neither the system nor the administrators",
        ),
    ],
)
def test_others_are_named(owner, expected):
    assert said(owner, NOBODY) == expected


def test_a_name_like_a_pools_is_none_with_another_sid():
    assert not is_web_server(Owner(POOL.name, PERSON.sid))


def test_who_installed_exchange_owns_most_of_it():
    by = installers([ADMIN, ADMIN, ADMIN, PERSON, NOT_KNOWN, NOT_KNOWN])
    assert by == {ADMIN.key}
    assert said(ADMIN, by) == ""
    assert said(PERSON, by).endswith("the administrators, nor who installed Exchange")


@pytest.mark.parametrize(
    "owners",
    [
        [],
        [NOT_KNOWN] * 9,
        [ADMIN] * (FEWEST_INSTALLED - 1),
        [ADMIN] * 3 + [PERSON] * 3,
        [POOL] * 9,
        [Owner("IIS APPPOOL\\x")] * 9,
        [Owner("x", "S-1-5-20")] * 9,
        [Owner("NT AUTHORITY\\Network Service")] * 9,
    ],
)
def test_few_pages_and_the_web_server_make_no_installer(owners):
    assert installers(owners) == NOBODY


def test_a_name_is_cut_and_its_control_signs_are_not_shown():
    hostile = owner_of("a\x1b[2J\u202e\n\0b" + "c" * 10_000, "S-1-5-18; DROP TABLE")
    assert hostile.name.startswith("a?[2J???b")
    assert len(hostile.name) == MAX_NAME_CHARS
    assert hostile.sid == ""
    assert owner_of(" x ", "S-1-5-18") == Owner("x", "S-1-5-18")


@given(st.text(), st.one_of(st.text(), st.from_regex(r"S-1-[0-9-]*", fullmatch=True)))
def test_any_owner_is_told_in_printable_signs(name, sid):
    owner = owner_of(name, sid)
    assert said(owner, installers([owner] * FEWEST_INSTALLED)).isprintable()
