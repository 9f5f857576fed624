from importlib import resources

import pytest

from exward.model import watchlist


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


def test_the_collector_gathers_every_watched_group():
    area = resources.files("exward").joinpath("content", "collector", "areas")
    script = area.joinpath("directory-groups.ps1").read_text("ascii")
    for one in watchlist.groups():
        number = str(one.rid) if one.rid is not None else one.sid.rpartition("-")[2]
        # Groups of Exchange lie in one folder that is gathered whole.
        assert one.tool != "active-directory" or (f"'{number}'" if number else one.name) in script


def test_a_role_and_who_has_it_after_setup():
    impersonation = watchlist.role_named()["applicationimpersonation"]
    assert impersonation.is_usual("Hygiene Management")
    assert not impersonation.is_usual("Organization Management")
    assert (impersonation.severity(True), impersonation.severity(False)) == ("high", "critical")
    recipients = watchlist.role_named()["mail recipients"]
    assert recipients.is_usual("Recipient Management")
    assert not recipients.is_usual("Exchange Windows Permissions")


def test_every_holder_is_a_role_group():
    holders = {name for one in watchlist.roles() for name in one.holders or ()}
    assert {name.casefold() for name in holders} <= watchlist.role_groups()
