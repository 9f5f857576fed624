import pytest

from exward.access import rights
from exward.access.directory import assemble
from exward.access.facts import Entry, Membership, Place, Right

HERE = Place("here", 1)
DOMAIN, EVE, GROUP = "S-1-5-21-1-2-3", "S-1-5-21-1-2-3-1101", "S-1-5-21-1-2-3-1200"
FULL, WRITE_DACL, CONTROL, WRITE = 0xF01FF, 0x40000, 0x100, 0x20
REPLICATE_ALL = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"


def entry(mask, trustee=EVE, *, allow=True, inherited=False, kind=""):
    return Entry(target=DOMAIN, trustee=trustee, mask=mask, object_type=kind, allow=allow,
                 inherited=inherited, place=HERE)  # fmt: skip


def deny(mask, trustee=EVE, **more):
    return entry(mask, trustee, allow=False, **more)


def names(*facts):
    return [one.right for one in assemble(facts).rights]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ([entry(FULL)], ["GenericAll"]),
        ([entry(0x10000000)], ["GenericAll"]),
        ([entry(0x40000000)], ["GenericWrite"]),
        # The order in the list does not matter, only that of the canonical form.
        ([entry(WRITE_DACL), deny(WRITE_DACL)], []),
        ([entry(WRITE_DACL), deny(WRITE_DACL, inherited=True)], ["WriteDacl"]),
        ([entry(WRITE_DACL, inherited=True), deny(WRITE_DACL)], []),
        ([entry(WRITE_DACL, inherited=True), deny(WRITE_DACL, inherited=True)], []),
        # What is left of full control after a denial.
        ([entry(FULL), deny(WRITE_DACL)], ["WriteOwner", "GenericWrite", "AllExtendedRights"]),
        ([entry(FULL), deny(0x10000000)], []),
        # Of others, of everybody, and through nesting.
        ([entry(WRITE_DACL), deny(WRITE_DACL, "S-1-5-21-1-2-3-9")], ["WriteDacl"]),
        ([entry(WRITE_DACL), deny(WRITE_DACL, "S-1-1-0")], []),
        ([entry(WRITE_DACL), deny(WRITE_DACL, GROUP), Membership(GROUP, EVE, HERE)], []),
        ([entry(WRITE_DACL), deny(WRITE_DACL, "S-1-5-21-1-2-3-7"), Membership(GROUP, EVE, HERE),
          Membership("S-1-5-21-1-2-3-7", GROUP, HERE), Membership(GROUP, GROUP, HERE)], []),
        # Entries for one extended right or property.
        ([entry(CONTROL, kind=REPLICATE_ALL)], ["GetChangesAll"]),
        ([entry(CONTROL, kind="ab721a53-1e2f-11d0-9819-00aa0040529b")], []),
        ([entry(CONTROL, kind=REPLICATE_ALL), deny(CONTROL)], []),
        ([entry(CONTROL), deny(CONTROL, kind=REPLICATE_ALL)],
         ["GetChanges", "ForceChangePassword"]),
        ([entry(WRITE, kind=rights.MEMBER)], ["AddMember"]),
        ([entry(0x8, kind=rights.MEMBER)], ["AddSelf"]),
        ([entry(FULL, kind=rights.MEMBER)], ["WriteDacl", "WriteOwner", "AddMember", "AddSelf"]),
    ],
)  # fmt: skip
def test_what_entries_give_together(facts, wanted):
    assert names(*facts) == wanted


def test_an_owner_may_write_the_list_unless_an_entry_for_owner_rights_says_otherwise():
    owns = Right(DOMAIN, EVE, rights.OWNS, False, HERE)
    assert names(owns, deny(FULL)) == ["Owns"]
    assert names(owns, entry(0x10, "S-1-3-4")) == []


@pytest.mark.parametrize(
    ("words", "mask"),
    [("ReadProperty, WriteDacl", WRITE_DACL), ("GenericAll", FULL), ("ListChildren", 0), ("", 0)],
)
def test_rights_in_words(words, mask):
    assert rights.mask_of(words) == mask


@pytest.mark.parametrize(
    "name", ["DS-Replication-Get-Changes-All", "ds replication get changes all"]
)
def test_an_extended_right_by_name(name):
    assert rights.guid_of(name) == REPLICATE_ALL
    assert rights.guid_of("Allowed-To-Authenticate") == ""
