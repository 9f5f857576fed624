"""Which addresses are outside of the organisation."""

import pytest

from exward.posture.mail_flow import outside

OWN = frozenset({"contoso.example", "fabrikam.example"})


@pytest.mark.parametrize(
    ("address", "is_outside"),
    [
        ("ada@contoso.example", False), ("ada@mail.eu.Contoso.example", False),
        ("smtp:ada@fabrikam.example", False), ("ada@notcontoso.example", True),
        ("ada@contoso.example.org", True), ("ada@example", True),
    ],
)  # fmt: skip
def test_subdomains_are_own_and_look_alikes_are_not(address, is_outside):
    assert bool(outside([address], OWN)) is is_outside
