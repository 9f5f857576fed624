"""Fills the tests' Samba directory before it is started; runs under the system's Python.

Usage: fill_test_directory.py SMB_CONF. Exchange-like groups, nested in a cycle, 600 members in
one group (more than a page), WriteDacl on the domain for Exchange Windows Permissions, and on
Organization Management for svc-backup.
"""

from __future__ import annotations

import sys

from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

MANY = 600


def main() -> int:
    """Add what the tests look for."""
    settings = LoadParm()
    settings.load(sys.argv[1])
    directory = SamDB(session_info=system_session(), lp=settings)
    base = directory.domain_dn()
    users = f"CN=Users,{base}"
    directory.transaction_start()
    for name in ("Organization Management", "Exchange Windows Permissions", "Ops", "Night", "Many"):
        directory.newgroup(name)
    for name in ("j.doe", "svc-backup"):
        directory.newuser(name, "Passw0rd!y")
    for number in range(MANY):
        directory.add({"dn": f"CN=m{number},{users}", "objectClass": "group"})
    for group, member in (
        ("Organization Management", "j.doe"),
        ("Organization Management", "Ops"),
        ("Ops", "Night"),
        ("Night", "Ops"),
        ("Night", "svc-backup"),
    ):
        _member(directory, f"CN={group},{users}", [f"CN={member},{users}"])
    _member(directory, f"CN=Many,{users}", [f"CN=m{number},{users}" for number in range(MANY)])
    directory.modify_ldif(
        f"dn: CN=svc-backup,{users}\nchangetype: modify\nadd: servicePrincipalName\n"
        "servicePrincipalName: backup/fs01\n"
    )
    # A domain controller of Windows registers it itself: tickets for a directory are for this name.
    directory.modify_ldif(
        f"dn: CN=DC01,OU=Domain Controllers,{base}\nchangetype: modify\nadd: servicePrincipalName\n"
        "servicePrincipalName: ldap/dc01.contoso.example\n"
    )
    for holder, target in (
        ("Exchange Windows Permissions", base),
        ("svc-backup", f"CN=Organization Management,{users}"),
    ):
        found = directory.search(f"CN={holder},{users}", attrs=["objectSid"])
        sid = directory.schema_format_value("objectSid", found[0]["objectSid"][0]).decode()
        SDUtils(directory).dacl_add_ace(target, f"(A;;WD;;;{sid})")
    directory.transaction_commit()
    return 0


def _member(directory: SamDB, group: str, members: list[str]) -> None:
    lines = "".join(f"member: {member}\n" for member in members)
    directory.modify_ldif(f"dn: {group}\nchangetype: modify\nadd: member\n{lines}")


if __name__ == "__main__":
    sys.exit(main())
