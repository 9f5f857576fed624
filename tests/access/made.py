"""Small exports of a made-up domain, as the tools write them."""

from __future__ import annotations

import json
from pathlib import Path

from exward.access.facts import Fact
from exward.access.readers import registry
from exward.model.skipped import Skipped
from tests.formats.memory_source import MemorySource

DOMAIN = "S-1-5-21-1-2-3"
USERS: list[tuple[int, str, dict[str, object]]] = [
    (1101, "j.doe", {"enabled": True, "lastlogon": 1_790_000_000, "hasspn": False}),
    (1102, "svc-backup", {"enabled": True, "lastlogon": 1_700_000_000, "hasspn": True,
                          "serviceprincipalnames": ["backup/fs01"], "pwdneverexpires": True}),
    (1103, "old.admin", {"enabled": False, "lastlogon": 0}),
]  # fmt: skip


def sharphound_users(version: int = 5) -> dict[str, object]:
    """The users, as the given version writes them."""
    rows: list[dict[str, object]] = [
        {
            "ObjectIdentifier": f"{DOMAIN}-{rid}",
            "PrimaryGroupSID": f"{DOMAIN}-513",
            "HasSIDHistory": [],
            "SPNTargets": [],
            "Aces": [],
            "Properties": {"name": f"{name.upper()}@CONTOSO.EXAMPLE", "samaccountname": name,
                           "domain": "CONTOSO.EXAMPLE"} | more,
        }
        for rid, name, more in USERS
    ]  # fmt: skip
    meta = {"type": "users", "count": len(rows), "version": version, "methods": 0}
    return {"data" if version > 3 else "users": rows, "meta": meta}


def sharphound_groups(version: int = 5) -> dict[str, object]:
    """Domain Admins with j.doe and the group Ops, which holds the others and Domain Admins."""

    def members(*rids: int) -> list[dict[str, str]]:
        key = "ObjectIdentifier" if version > 3 else "MemberId"
        return [{key: f"{DOMAIN}-{rid}", "ObjectType": "Base"} for rid in rids]

    rows = [
        {"ObjectIdentifier": f"{DOMAIN}-{rid}", "Aces": [], "Members": members(*inside),
         "Properties": {"name": f"{name}@CONTOSO.EXAMPLE", "domain": "CONTOSO.EXAMPLE"}}
        for rid, name, inside in (
            (512, "DOMÄNEN-ADMINS", (1101, 1200)),
            (1200, "OPS", (1102, 1103, 512)),
        )
    ]  # fmt: skip
    return {"data" if version > 3 else "groups": rows, "meta": {"type": "groups", "methods": 0}}


def sharphound_domain() -> dict[str, object]:
    """The domain, on which Exchange Windows Permissions may write the access list."""
    aces = [
        {"PrincipalSID": f"{DOMAIN}-1300", "RightName": "WriteDacl", "IsInherited": False},
        {"PrincipalSID": f"{DOMAIN}-1102", "RightName": "GetChanges", "IsInherited": False},
        {"PrincipalSID": f"{DOMAIN}-1102", "RightName": "GetChangesAll", "IsInherited": False},
        {"PrincipalSID": f"{DOMAIN}-512", "RightName": "GenericAll", "IsInherited": False},
    ]
    row = {"ObjectIdentifier": DOMAIN, "Trusts": [], "Aces": aces,
           "Properties": {"name": "CONTOSO.EXAMPLE", "domain": "CONTOSO.EXAMPLE"}}  # fmt: skip
    group = {"ObjectIdentifier": f"{DOMAIN}-1300", "Members": [], "Aces": [],
             "Properties": {"name": "EXCHANGE WINDOWS PERMISSIONS@CONTOSO.EXAMPLE"}}  # fmt: skip
    return {"data": [row, group], "meta": {"type": "domains", "version": 5, "methods": 0}}


def write_sharphound(folder: Path, version: int = 5) -> Path:
    """A folder with the three files."""
    folder.mkdir(exist_ok=True)
    made = (sharphound_users(version), sharphound_groups(version), sharphound_domain())
    for name, content in zip(("users", "groups", "domains"), made, strict=True):
        (folder / f"20261101_{name}.json").write_text(json.dumps(content), "utf-8")
    return folder


def area(name: str, data: object, **more: object) -> bytes:
    """An area of a collection (docs/collector.md)."""
    head = {"schema": "exward.inventory/1", "area": name, "server": "EX01.contoso.example"}
    more = {"collected": "2026-11-26T01:02:03Z", "data": data} | more
    return json.dumps(head | more).encode()


def collected() -> dict[str, bytes]:
    """Areas of a collection by file: the domain of the other samples, as the collector sees it."""

    def account(rid: int, name: str, kind: str = "user", **more: object) -> dict[str, object]:
        return {
            "Name": name.title(), "Sid": f"{DOMAIN}-{rid}", "Class": kind, "SamAccountName": name,
            "Dn": f"CN={name.title()},CN=Users,DC=contoso,DC=example", "Enabled": True,
            "HasMailbox": False, "PasswordLastSet": "2020-01-01T00:00:00Z", "LastLogon": None,
            "PasswordNeverExpires": False, "ServicePrincipalNames": [],
        } | more  # fmt: skip

    doe = account(1101, "j.doe", LastLogon="2026-11-20T00:00:00Z")
    backup = account(1102, "svc-backup", ServicePrincipalNames=["backup/fs01"])
    server = account(1005, "ex01$", "computer", LastLogon="2026-11-20T00:00:00Z")
    groups = "OU=Microsoft Exchange Security Groups,DC=contoso,DC=example"

    def group(rid: int, name: str, *members: object, base: str = groups) -> dict[str, object]:
        return {"Name": name, "Sid": f"{DOMAIN}-{rid}", "Dn": f"CN={name},{base}",
                "Members": list(members)}  # fmt: skip

    ops = group(1200, "Ops", backup)
    nested = {"Name": "Ops", "Sid": ops["Sid"], "Dn": ops["Dn"], "Class": "group", "Enabled": None}
    entry = {"Object": "domain", "Dn": "DC=contoso,DC=example", "Type": "Allow",
             "ObjectType": "00000000-0000-0000-0000-000000000000", "Inherited": False,
             "InheritOnly": False, "Rights": "ReadProperty, WriteDacl",
             "Trustee": "CONTOSO\\Exchange Windows Permissions",
             "Sid": f"{DOMAIN}-1300"}  # fmt: skip
    return {
        "inventory/directory-groups.json": area("directory-groups", [
            group(512, "Domain Admins", doe, base="CN=Users,DC=contoso,DC=example"),
            group(1210, "Organization Management", doe, nested),
            group(1300, "Exchange Windows Permissions", server), ops,
        ]),
        "inventory/directory-accounts.json": area("directory-accounts", backup),
        "inventory/directory-access.json": area("directory-access", [
            entry, entry | {"Sid": f"{DOMAIN}-1101", "Trustee": "CONTOSO\\j.doe"},
            entry | {"Sid": f"{DOMAIN}-1101", "Trustee": "CONTOSO\\j.doe", "Type": "Deny"},
        ], errors=["OU=x: not in this domain"]),
        "inventory/local-groups.json": area("local-groups", [
            {"Name": "Administrators", "Sid": "S-1-5-32-544", "Members": [
                {"Name": "EX01\\helper", "Sid": "S-1-5-21-9-9-9-1001", "Class": "User"},
                {"Name": "CONTOSO\\Domain Admins", "Sid": f"{DOMAIN}-512", "Class": "Group"}]},
        ]),
        "inventory/local-users.json": area("local-users", [
            {"Name": "helper", "Sid": "S-1-5-21-9-9-9-1001", "Enabled": True,
             "LastLogon": "2026-11-25T00:00:00Z"},
        ]),
        "inventory/cmdlets/Get-RoleGroup.json": area("Get-RoleGroup", [
            {"Name": "Organization Management", "Roles": ["contoso.example/…/Role Management"],
             "DistinguishedName": f"CN=Organization Management,{groups}",
             "Members": ["contoso.example/Users/J.Doe"]},
        ]),
        "inventory/cmdlets/Get-ManagementRoleAssignment.json": area(
            "Get-ManagementRoleAssignment",
            [{"Name": "AI-svc", "Role": "ApplicationImpersonation", "Enabled": True,
              "RoleAssignee": "contoso.example/Users/Svc-Backup", "RoleAssigneeType": "User",
              "RoleAssignmentDelegationType": "Regular"}]),
        "inventory/cmdlets/Get-MailboxPermission.json": area("Get-MailboxPermission", [
            {"Identity": "contoso.example/Users/Ceo", "User": "CONTOSO\\j.doe",
             "AccessRights": ["FullAccess"], "IsInherited": False, "Deny": False}]),
    }  # fmt: skip


def read(data: bytes, path: str = "export") -> list[Fact | Skipped]:
    """What the reader that recognises these bytes makes of them."""
    source = MemorySource(data, path)
    reader = registry.identify(path, source.head)
    assert reader is not None
    return list(reader.read(source))
