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


def read(data: bytes, path: str = "export") -> list[Fact | Skipped]:
    """What the reader that recognises these bytes makes of them."""
    source = MemorySource(data, path)
    reader = registry.identify(path, source.head)
    assert reader is not None
    return list(reader.read(source))
