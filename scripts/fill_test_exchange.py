"""Fills the tests' Samba directory with what it holds of Exchange, after fill_test_directory.py.

Usage: fill_test_exchange.py SMB_CONF. Samba's schema has none of it: test_directory_schema.ldif
adds what is needed. Roles and their assignments, a database, the mailbox of a manager (nothing of
it is shown to j.doe), and a server in a unit that a help desk may change.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ldb import FLAG_MOD_ADD, Dn, Message, MessageElement
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

SCHEMA = Path(__file__).with_name("test_directory_schema.ldif")
SEND_AS = "ab721a54-1e2f-11d0-9819-00aa0040529b"
RECEIVE_AS = "ab721a56-1e2f-11d0-9819-00aa0040529b"
SET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"
MEMBER = "bf9679c0-0de6-11d0-a285-00aa003049e2"
KEYS = "5b47d60f-6090-40b2-9f37-2a4de88f3063"
IN_FORCE = -0x8000000000000000
REGULAR, DELEGATING = 1 << 48, 6 << 48
USER, ROLE_GROUP = 0, 10 << 59
EVERYTHING, CUSTOM = 2, 7
ASSIGNMENTS = (
    # name, role, holder, flags, scope
    ("AI-backup", "CN=ApplicationImpersonation", "svc-backup", USER | REGULAR | EVERYTHING, ""),
    ("Reading", "CN=Reading Room,CN=Mailbox Search", "j.doe", USER | REGULAR | CUSTOM, "Night"),
    ("MIE-delegating", "CN=Mailbox Import Export", "Organization Management",
     ROLE_GROUP | DELEGATING | EVERYTHING, ""),
    ("Roles", "CN=Role Management", "Organization Management",
     ROLE_GROUP | REGULAR | EVERYTHING, ""),
)  # fmt: skip


def main() -> int:
    """Extend the schema and add what the tests look for."""
    settings = LoadParm()
    settings.load(sys.argv[1])
    settings.set("dsdb:schema update allowed", "yes")
    directory = SamDB(session_info=system_session(), lp=settings)
    extend(directory)
    # The extended schema is read when a database is opened.
    directory = SamDB(session_info=system_session(), lp=settings)
    directory.transaction_start()
    organisation(directory)
    mailbox(directory)
    helpdesk(directory)
    directory.transaction_commit()
    return 0


def extend(directory: SamDB) -> None:
    """Add Exchange's attributes, and then the classes that hold them."""
    schema = str(directory.get_schema_basedn())
    entries = SCHEMA.read_text("utf-8").replace("@SCHEMA@", schema).split("\n\n")
    classes = [one for one in entries if "classSchema" in one]
    for group in ([one for one in entries if one not in classes], classes):
        for entry in group:
            directory.add_ldif(entry)
        directory.set_schema_update_now()
    for name, what, value in (
        ("User", "auxiliaryClass", "msExchMailStorage"),
        ("ms-Exch-Role", "possSuperiors", "msExchRole"),
    ):
        directory.modify_ldif(
            f"dn: CN={name},{schema}\nchangetype: modify\nadd: {what}\n{what}: {value}\n"
        )
    directory.set_schema_update_now()


def organisation(directory: SamDB) -> None:
    """Roles, who has them, and a database that svc-backup may read."""
    top = f"CN=Microsoft Exchange,CN=Services,{directory.get_config_basedn()}"
    rbac = f"CN=RBAC,CN=Contoso,{top}"
    for name in (top, f"CN=Contoso,{top}", rbac, f"CN=Roles,{rbac}",
                 f"CN=Role Assignments,{rbac}", f"CN=Scopes,{rbac}"):  # fmt: skip
        directory.add({"dn": name, "objectClass": "container"})
    directory.add({"dn": f"CN=Night,CN=Scopes,{rbac}", "objectClass": "container"})
    for name in ("CN=ApplicationImpersonation", "CN=Mailbox Search", "CN=Mailbox Import Export",
                 "CN=Role Management", "CN=Reading Room,CN=Mailbox Search"):  # fmt: skip
        directory.add({"dn": f"{name},CN=Roles,{rbac}", "objectClass": "msExchRole"})
    for name, role, holder, flags, scope in ASSIGNMENTS:
        restriction = {"msExchDomainRestrictionLink": f"CN={scope},CN=Scopes,{rbac}"}
        directory.add(
            {
                "dn": f"CN={name},CN=Role Assignments,{rbac}",
                "objectClass": "msExchRoleAssignment",
                "msExchUserLink": f"CN={holder},CN=Users,{directory.domain_dn()}",
                "msExchRoleLink": f"{role},CN=Roles,{rbac}",
                "msExchRoleAssignmentFlags": str(IN_FORCE + flags),
            }
            | (restriction if scope else {})
        )
    directory.add({"dn": f"CN=DB01,CN=Contoso,{top}", "objectClass": "msExchPrivateMDB"})
    for dn, entry in (
        (f"CN=DB01,CN=Contoso,{top}", f"(OA;;CR;{RECEIVE_AS};;{sid_of(directory, 'svc-backup')})"),
        (top, f"(D;CI;RPLC;;;{sid_of(directory, 'j.doe')})"),
    ):
        SDUtils(directory).dacl_add_ace(dn, entry)


def mailbox(directory: SamDB) -> None:
    """The mailbox of boss: svc-backup may open it, j.doe may send as boss and on behalf of boss."""
    directory.newuser("boss", "Passw0rd!y")
    dn = f"CN=boss,CN=Users,{directory.domain_dn()}"
    holder = sid_of(directory, "svc-backup")
    listed = f"O:PSG:PSD:(A;CI;CCRC;;;PS)(A;CI;CC;;;{holder})"
    descriptor = security.descriptor.from_sddl(listed, security.dom_sid(directory.get_domain_sid()))
    change = Message()
    change.dn = Dn(directory, dn)
    for name, value in (
        ("msExchMailboxGuid", bytes(range(16))),
        ("msExchMailboxSecurityDescriptor", ndr_pack(descriptor)),
        ("publicDelegates", f"CN=j.doe,CN=Users,{directory.domain_dn()}"),
    ):
        change[name] = MessageElement(value, FLAG_MOD_ADD, name)
    directory.modify(change)
    deputy = sid_of(directory, "j.doe")
    SDUtils(directory).dacl_add_ace(dn, f"(OA;;CR;{SEND_AS};;{deputy})")
    SDUtils(directory).dacl_add_ace(dn, f"(D;;RP;;;{deputy})")


def helpdesk(directory: SamDB) -> None:
    """May set j.doe's password, fill the group Night, and change what a server inherits."""
    directory.newgroup("Helpdesk")
    directory.newgroup("Exchange Servers")
    unit = f"OU=Mail Servers,{directory.domain_dn()}"
    directory.create_ou(unit)
    directory.newcomputer("EX01", computerou="OU=Mail Servers")
    directory.add_remove_group_members("Exchange Servers", ["EX01$"])
    for dn, entry in (
        (f"CN=j.doe,CN=Users,{directory.domain_dn()}", f"(OA;;CR;{SET_PASSWORD};;@)"),
        (f"CN=Night,CN=Users,{directory.domain_dn()}", f"(OA;;WP;{MEMBER};;@)"),
        (unit, "(A;;WDWP;;;@)"),
        (f"CN=EX01,{unit}", f"(OA;;WP;{KEYS};;@)"),
    ):
        SDUtils(directory).dacl_add_ace(dn, entry.replace("@", sid_of(directory, "Helpdesk")))


def sid_of(directory: SamDB, name: str) -> str:
    """The SID of an account."""
    found = directory.search(f"CN={name},CN=Users,{directory.domain_dn()}", attrs=["objectSid"])
    return str(directory.schema_format_value("objectSid", found[0]["objectSid"][0]).decode())


if __name__ == "__main__":
    sys.exit(main())
