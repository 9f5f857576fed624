"""Kinds of deed do not depend on each other's order, and miss none of their calls."""

from __future__ import annotations

import pytest

from exward.webshells import interpreter
from exward.webshells.analyse import read
from exward.webshells.deeds import registry
from exward.webshells.sign import Sign
from exward.webshells.values import Names
from tests.webshells.test_pages import SHELLS

ALL = tuple(deed.look for deed in registry.deeds_known())


def _signs() -> list[set[Sign]]:
    return [
        set(read(shell["text"].encode("latin-1", "replace"), shell["extension"]).signs)
        for shell in SHELLS.values()
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_every_kind_that_sees_every_call_finds_the_same(
    order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _signs()

    def every(_word: str, _kinds: Names) -> tuple[registry.Look, ...]:
        return ALL[::order]

    monkeypatch.setattr(interpreter, "looks", every)
    assert _signs() == found


def test_a_page_does_not_change_what_is_said_of_the_next() -> None:
    named = (
        b'<%@ Page Language="C#" %><% void A(Object c) { c.ConnectionString = Request["a"]; } %>'
    )
    other = b'<%@ Page Language="C#" %><% void B(Object c) { c.OpenSchema(Request["b"]); } %>'
    before = read(other, "aspx")
    read(named, "aspx")
    assert read(other, "aspx") == before
