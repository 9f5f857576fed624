"""The list of stock files that these tests use is their own."""

from __future__ import annotations

import pytest

from tests.webshells.belonging.stock import own_list


@pytest.fixture
def stock(tmp_path_factory):
    with own_list(tmp_path_factory.mktemp("stock")):
        yield
