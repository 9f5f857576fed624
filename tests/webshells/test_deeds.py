"""The kinds of deed do not depend on each other's order."""

from __future__ import annotations

import pytest

from exward.webshells import interpreter
from exward.webshells.analyse import read
from exward.webshells.deeds import registry
from tests.webshells.test_pages import SHELLS


def test_in_any_order_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [
        (shell["text"].encode("latin-1", "replace"), shell["extension"])
        for shell in SHELLS.values()
    ]
    forward = [read(data, extension).signs for data, extension in given]
    monkeypatch.setattr(interpreter, "looks", lambda: tuple(reversed(registry.looks())))
    backward = [read(data, extension).signs for data, extension in given]
    assert [set(signs) for signs in backward] == [set(signs) for signs in forward]
