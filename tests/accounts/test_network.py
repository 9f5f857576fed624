"""Networks of addresses."""

from __future__ import annotations

import pytest

from exward.accounts.network import network_of, networks_left


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:0:7:a::1", "2001:db8:0:7::/64"),
        ("fe80::1%12", "fe80::/64"),
        ("pc7", ""),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_new_address_of_a_known_network_is_usual_and_any_is_to_who_roams() -> None:
    known = ["10.1.2.3", "10.1.2.9", "10.2.0.1"]
    assert networks_left("10.1.2.77", known) == 0
    assert networks_left("192.168.7.7", known) == 2
    assert networks_left("192.168.7.7", [*known, "10.3.0.1", "10.4.0.1"]) == 0
