import pytest

from exward.access import watchlist


def test_every_entry_says_why_and_whence():
    ids = [one.id for one in watchlist.groups()]
    assert len(set(ids)) == len(ids) > 30
    assert all(one.why.endswith(".") and one.source for one in watchlist.groups())
    assert all(one.why.endswith(".") and one.source for one in watchlist.roles())


@pytest.mark.parametrize(
    ("sid", "name", "wanted"),
    [
        ("S-1-5-21-9-9-9-512", "renamed", "domain-admins"),
        ("S-1-5-21-9-9-9-1234", "Domain Admins", None),  # a namesake
        ("", "Domänen-Admins", "domain-admins"),
        ("", "Admins du domaine", "domain-admins"),
        ("CONTOSO.LOCAL-S-1-5-32-548", "", "account-operators"),
        ("S-1-5-21-9-9-9-1234", "Organization Management", "organization-management"),
        ("S-1-5-21-9-9-9-513", "Domain Users", None),
    ],
)
def test_a_group_is_told_by_its_sid_then_by_its_name(sid, name, wanted):
    found = watchlist.by_identity(sid, name)
    assert (found.id if found else None) == wanted
