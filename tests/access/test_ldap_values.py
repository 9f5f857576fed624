"""Distinguished names, which anybody who makes an object may fill with commas and escapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.access.directory import assemble
from exward.access.facts import Kind, Party, Place
from exward.access.ldap_entry import domain_of
from exward.access.ldap_values import containers, dn_parts, name_parts

BASE = "DC=contoso,DC=example"


@pytest.mark.parametrize(
    ("dn", "name", "domain"),
    [
        (f"CN=Doe\\, J,OU=Staff,{BASE}", "Doe, J", "contoso.example"),
        (f"CN=a\\\\,OU=Staff,{BASE}", "a\\", "contoso.example"),
        (f"CN=x\\0ACNF:1,CN=Users,{BASE}", "x\nCNF:1", "contoso.example"),
        (f"CN=\\C3\\A4,CN=Users,{BASE}", "ä", "contoso.example"),
        # Nobody makes a domain by the name of an account.
        (f"CN=eve\\,DC=evil,{BASE}", "eve,DC=evil", "contoso.example"),
        (f"DC=www,CN=MicrosoftDNS,DC=DomainDnsZones,{BASE}", "www",
         "DomainDnsZones.contoso.example"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_a_distinguished_name_says(dn, name, domain):
    assert (name_parts(dn)[0], domain_of(dn)) == (name, domain)


def test_containers_are_cut_from_the_name_as_it_is_written():
    dn = f"CN=a\\,OU=no,OU=Ops\\\\,OU=Staff,{BASE}"
    assert list(containers(dn)) == [f"OU=Ops\\\\,OU=Staff,{BASE}", f"OU=Staff,{BASE}"]


def test_the_name_of_an_account_makes_no_domain():
    one = Party(place=Place("here", 1), sid="S-1-5-21-1-2-3-9", dn=f"CN=eve\\,DC=evil,{BASE}")
    domains = [one.dn for one in assemble([one]).parties.values() if one.kind is Kind.DOMAIN]
    assert domains == [BASE.casefold()]


@given(st.text(alphabet="aDdCc=,\\0F ", max_size=40))
def test_no_name_stops_the_reading(dn):
    assert len(name_parts(dn)) == len(dn_parts(dn)) >= 1
    assert len(list(containers(dn))) < len(dn_parts(dn))
