"""Rights on single members of high-profile groups, and on where they lie."""

import msgspec
import pytest

from exward.access import rights
from exward.access.directory import assemble
from exward.access.facts import Kind, Membership, Party, Place, Right, Role
from exward.access.judge import Material, guarded, judge
from exward.access.role_holders import role_holders
from tests.access import made

HERE = Place("here", 1)
BASE = "DC=contoso,DC=example"
ADMIN, DEPUTY, HELP, SERVER, DOMAIN_ADMINS, MANAGEMENT, SERVERS = (
    f"{made.DOMAIN}-{rid}" for rid in (1101, 1102, 1103, 1104, 512, 1210, 1211)
)
OPERATORS, KEY_ADMINS = "S-1-5-32-548", f"{made.DOMAIN}-526"
UNIT = f"OU=Mail,{BASE}"


def party(sid, name, kind=Kind.USER, where=f"CN=Users,{BASE}", **more):
    return Party(place=HERE, sid=sid, name=name, dn=f"CN={name},{where}", kind=kind,
                 domain="contoso.example", **more)  # fmt: skip


FACTS = (
    party(ADMIN, "admin", admin_count=True), party(DEPUTY, "deputy", where=UNIT),
    party(HELP, "help"), party(SERVER, "EX01$", Kind.COMPUTER, where=UNIT),
    party(DOMAIN_ADMINS, "Domain Admins", Kind.GROUP),
    party(MANAGEMENT, "Organization Management", Kind.GROUP),
    party(SERVERS, "Exchange Servers", Kind.GROUP),
    Party(place=HERE, dn=UNIT, name="Mail"),
    Membership(DOMAIN_ADMINS, ADMIN, HERE), Membership(MANAGEMENT, DEPUTY, HERE),
    Membership(SERVERS, SERVER, HERE),
)  # fmt: skip
NEW = ("access-account-rights", "access-server-rights", "access-nested-group-rights",
       "access-container-rights")  # fmt: skip


def found(*held, facts=FACTS):
    listed = [Right(target, trustee, right, inherited, HERE)
              for trustee, right, target, inherited in held]  # fmt: skip
    made_of = Material(assemble([*facts, *listed]))
    return [one for one in judge(made_of, 0) if one.rule in NEW]


@pytest.mark.parametrize(
    ("trustee", "right", "target", "rule"),
    [
        (HELP, rights.SET_PASSWORD, DEPUTY, "access-account-rights"),
        (HELP, rights.WRITE_KEYS, ADMIN, "access-account-rights"),
        (HELP, rights.WRITE_SPN, ADMIN, "access-account-rights"),
        (HELP, rights.OWNS, SERVER, "access-server-rights"),
        (HELP, rights.WRITE_DELEGATION, SERVER, "access-server-rights"),
        (HELP, rights.WRITE_POLICY_LINK, UNIT, "access-container-rights"),
        (HELP, rights.GENERIC_ALL, UNIT, "access-container-rights"),
        # Of Exchange's administrators none is an administrator of the domain.
        (DEPUTY, rights.SET_PASSWORD, ADMIN, "access-account-rights"),
        # Nobody but somebody wrote this into the list of a protected account.
        (OPERATORS, rights.GENERIC_ALL, ADMIN, "access-account-rights"),
        (KEY_ADMINS, rights.GENERIC_ALL, DEPUTY, "access-account-rights"),
    ],
)
def test_who_may_take_over(trustee, right, target, rule):
    (one,) = found((trustee, right, target, False))
    assert (one.rule, one.severity, one.count) == (rule, "critical", 1)
    assert right in one.why


@pytest.mark.parametrize(
    ("trustee", "right", "target"),
    [
        (ADMIN, rights.SET_PASSWORD, DEPUTY),  # an administrator of the domain
        (DOMAIN_ADMINS, rights.GENERIC_ALL, ADMIN),
        ("S-1-5-18", rights.GENERIC_ALL, UNIT),
        (MANAGEMENT, rights.GENERIC_WRITE, DEPUTY),
        (DEPUTY, rights.GENERIC_ALL, DEPUTY),
        (OPERATORS, rights.GENERIC_ALL, DEPUTY),
        (KEY_ADMINS, rights.WRITE_KEYS, DEPUTY),
        (HELP, rights.SET_PASSWORD, HELP),  # in no watched group
        (HELP, rights.SET_PASSWORD, UNIT),  # stands on accounts, not on units
        (HELP, rights.GENERIC_ALL, f"CN=Users,{BASE}"),  # of admin, whom AdminSDHolder protects
    ],
)
def test_who_may_anyway_is_left_out(trustee, right, target):
    assert found((trustee, right, target, False)) == []


def test_many_targets_of_one_trustee_are_one_finding():
    more = [party(f"{made.DOMAIN}-{rid}", f"u{rid}") for rid in range(2000, 2010)]
    links = [Membership(MANAGEMENT, one.sid, HERE) for one in more]
    held = [(HELP, rights.SET_PASSWORD, one.sid, one.sid.endswith("5")) for one in more]
    (one,) = found(*held, facts=(*FACTS, *more, *links))
    assert one.title == "help may take over 10 members of high-profile groups"
    assert one.why.endswith("and on 7 more")
    assert one.count == len(one.evidence) == 10
    assert "Remove-ADPermission -Identity 'CN=u2000,CN=Users" in one.advice
    assert "9 more" in one.advice
    inherited = next(place for place in one.evidence if place.fields["target"] == "u2005")
    assert "remove" not in inherited.fields


def test_what_is_inherited_has_to_be_removed_above():
    (one,) = found((HELP, rights.GENERIC_ALL, SERVER, True))
    assert "remove them where they stand" in one.advice


def test_the_objects_whose_access_lists_are_asked_for():
    names = guarded(assemble(FACTS))
    assert {one.partition(",")[0] for one in names} == {
        "CN=Domain Admins", "CN=Organization Management", "CN=Exchange Servers", "CN=admin",
        "CN=deputy", "CN=EX01$", "OU=Mail", "CN=Users",
    }  # fmt: skip
    assert len(names) == 8


def test_one_who_may_change_many_groups_is_one_finding():
    groups = [party(f"{made.DOMAIN}-{rid}", name, Kind.GROUP)
              for rid, name in ((512, "Domain Admins"), (519, "Enterprise Admins"),
                                (518, "Schema Admins"), (520, "Policy Owners"))]  # fmt: skip
    held = [Right(one.sid, HELP, rights.ADD_MEMBER, False, HERE) for one in groups]
    (one,) = judge(Material(assemble([*groups, party(HELP, "help"), *held])), 0)
    assert (one.title, one.severity) == ("help may change 4 high-profile groups", "critical")
    assert one.why.startswith("help has AddMember on Domain Admins, Enterprise Admins, ")
    assert {place.fields["target"] for place in one.evidence} == {g.name for g in groups}
    assert all("-Properties Member" in place.fields["remove"] for place in one.evidence)


def test_who_holds_a_dangerous_role_is_a_target_as_well():
    role = Role(name="r", role="ApplicationImpersonation", assignee=HELP, assignee_kind="User",
                delegating=False, scope="", enabled=True, created=None, place=HERE)  # fmt: skip
    eve = f"{made.DOMAIN}-1109"
    facts = (*FACTS, party(eve, "eve"), role)
    (one,) = found((eve, rights.SET_PASSWORD, HELP, False), facts=facts)
    assert (one.title, one.severity) == ("eve may take over help", "critical")
    assert "on help (ApplicationImpersonation)" in one.why
    assert "CN=help,CN=Users,DC=contoso,DC=example" in guarded(assemble(facts))
    # Who may only give the role to others, or has it no more, does not act by it.
    for change in ({"delegating": True}, {"enabled": False}, {"role": "MyBaseOptions"}):
        other = msgspec.structs.replace(role, **change)
        assert not found((eve, rights.SET_PASSWORD, HELP, False), facts=(*facts[:-1], other))


def test_a_role_is_no_excuse():
    role = Role(name="r", role="ApplicationImpersonation", assignee=HELP, assignee_kind="User",
                delegating=False, scope="", enabled=True, created=None, place=HERE)  # fmt: skip
    (one,) = found((HELP, rights.SET_PASSWORD, DEPUTY, False), facts=(*FACTS, role))
    assert one.title == "help may take over deputy"


def test_members_of_a_group_with_a_dangerous_role_hold_it():
    team, eve = f"{made.DOMAIN}-1300", f"{made.DOMAIN}-1109"
    role = Role(name="r", role="Mailbox Import Export", assignee=team, scope="Night", enabled=True,
                assignee_kind="SecurityGroup", delegating=False, created=None,
                place=HERE)  # fmt: skip
    facts = (*FACTS, party(eve, "eve"), role, Membership(team, HELP, HERE))
    (one,) = found((eve, rights.GENERIC_ALL, HELP, False), facts=facts)
    assert (one.severity, one.title) == ("high", "eve may take over help")


def test_a_group_inside_of_a_watched_one_leads_there_too():
    nested, empty = f"{made.DOMAIN}-1301", f"{made.DOMAIN}-1302"
    facts = (*FACTS, party(nested, "Ops", Kind.GROUP), party(empty, "Nobody yet", Kind.GROUP),
             Membership(DOMAIN_ADMINS, nested, HERE), Membership(nested, ADMIN, HERE),
             Membership(MANAGEMENT, empty, HERE))  # fmt: skip
    held = [(HELP, rights.ADD_MEMBER, nested, False), (HELP, rights.ADD_SELF, empty, False)]
    (one,) = found(*held, facts=facts)
    assert one.rule == "access-nested-group-rights"
    assert one.title == "help may change 2 groups, inside of high-profile groups"
    assert "AddMember on Ops (Domain Admins)" in one.why
    assert "AddSelf on Nobody yet (Organization Management)" in one.why
    names = {name.partition(",")[0] for name in guarded(assemble(facts))}
    assert names >= {"CN=Ops", "CN=Nobody yet"}
    # Its members have its power, and may hand it on.
    assert not found((nested, rights.GENERIC_ALL, empty, False), facts=facts)


def test_the_worst_role_counts_whatever_groups_lead_to_it():
    """Groups that hold each other are gone through once, and not for each role anew."""
    links = [Membership(f"g{at}", f"g{(at + 1) % 9}", HERE) for at in range(9)]
    links += [Membership(f"g{at}", f"u{at}", HERE) for at in range(9)]
    held = [
        Role(name=name, role=name, assignee=f"g{at}", assignee_kind="SecurityGroup",
             delegating=False, scope="", enabled=True, created=None, place=HERE)
        for at, name in enumerate(("Support Diagnostics", "Mailbox Search", "Role Management"))
    ]  # fmt: skip
    found = role_holders(assemble([*links, *held]))
    assert found == {f"u{at}": ("critical", "Mailbox Search") for at in range(9)}
