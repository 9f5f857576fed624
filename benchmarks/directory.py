"""Measure the review of a large directory: SharpHound's archive, all accounts in one group.

    python benchmarks/directory.py

Each account has nine entries in its access list, two of them dangerous and inherited, as a real
domain's have. Prints the table and writes it to DIRECTORY.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from measured import machine, measure

RESULTS = Path(__file__).parent / "DIRECTORY.md"
DOMAIN = "S-1-5-21-1-2-3"
FIRST_RID, EVERYBODY = 10_000, f"{DOMAIN}-1200"
ENTRIES = (
    (512, "Owns", False), (512, "GenericAll", False), (519, "GenericAll", True),
    (1300, "WriteDacl", True), (1301, "ForceChangePassword", True),
    (1302, "AddKeyCredentialLink", True), (1303, "GenericWrite", True),
    (1304, "WriteOwner", True), (1305, "AllExtendedRights", True),
)  # fmt: skip


def account(number: int) -> dict[str, object]:
    """One user as version 6 of the layout has it."""
    return {
        "ObjectIdentifier": f"{DOMAIN}-{FIRST_RID + number}",
        "PrimaryGroupSID": f"{DOMAIN}-513", "HasSIDHistory": [], "SPNTargets": [],
        "Aces": [
            {"PrincipalSID": f"{DOMAIN}-{rid}", "PrincipalType": "Group", "RightName": right,
             "IsInherited": inherited}
            for rid, right, inherited in ENTRIES
        ],
        "Properties": {
            "domain": "CONTOSO.EXAMPLE", "name": f"USER{number}@CONTOSO.EXAMPLE",
            "distinguishedname":
                f"CN=USER {number},OU=UNIT {number % 300},OU=STAFF,DC=CONTOSO,DC=EXAMPLE",
            "samaccountname": f"user{number}", "description": "somebody", "enabled": True,
            "lastlogon": 1_790_000_000, "lastlogontimestamp": 1_790_000_000,
            "pwdlastset": 1_780_000_000, "whencreated": 1_500_000_000, "admincount": False,
            "pwdneverexpires": False, "passwordnotreqd": False, "dontreqpreauth": False,
            "unconstraineddelegation": False, "trustedtoauth": False, "hasspn": False,
            "serviceprincipalnames": [], "sidhistory": [], "displayname": f"User {number}",
            "email": f"user{number}@contoso.example", "title": None, "homedirectory": None,
        },
        "AllowedToDelegate": [], "IsDeleted": False, "IsACLProtected": False,
        "ContainedBy": {"ObjectIdentifier": "0" * 36, "ObjectType": "OU"},
    }  # fmt: skip


def group(sid: str, name: str, members: list[str]) -> dict[str, object]:
    """One group."""
    return {
        "ObjectIdentifier": sid, "Aces": [],
        "Members": [{"ObjectIdentifier": one, "ObjectType": "Base"} for one in members],
        "Properties": {"name": f"{name}@CONTOSO.EXAMPLE", "domain": "CONTOSO.EXAMPLE",
                       "samaccountname": name},
    }  # fmt: skip


def written(kind: str, objects: Iterator[dict[str, object]]) -> Iterator[bytes]:
    """The file of one kind of object, in pieces."""
    yield b'{"data":['
    for number, one in enumerate(objects):
        yield (b"," if number else b"") + json.dumps(one).encode()
    yield b'],"meta":{"methods":0,"type":"%s","version":6}}' % kind.encode()


def write_archive(path: Path, accounts: int) -> int:
    """Write the archive; the size of what is in it, in bytes."""
    sids = [f"{DOMAIN}-{FIRST_RID + number}" for number in range(accounts)]
    groups = [group(f"{DOMAIN}-512", "Domain Admins", [EVERYBODY]), group(EVERYBODY, "All", sids)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, objects in (("users", map(account, range(accounts))), ("groups", iter(groups))):
            with archive.open(f"20261101_{kind}.json", "w", force_zip64=True) as file:
                for piece in written(kind, objects):
                    file.write(piece)
        return sum(one.file_size for one in archive.infolist())


def row(folder: Path, accounts: int) -> str:
    """Measure with one size, a line of the table."""
    archive, results = folder / f"{accounts}.zip", folder / f"{accounts}.jsonl"
    size_bytes = write_archive(archive, accounts)
    command = [sys.executable, "-m", "exward", "access", str(archive), "--format", "jsonl"]
    cost = measure([*command, "--output", str(results), "--quiet"])
    if not results.is_file():
        sys.exit(f"no results were written: exit code {cost.exit_code}")
    facts = accounts * (len(ENTRIES) + 3)
    return (
        f"| {accounts:,} | {facts:,} | {size_bytes / 1e6:,.0f} MB | {cost.core_seconds:.1f} s "
        f"| {cost.peak_mib:,.0f} MiB |"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = "\n".join(row(Path(folder), accounts) for accounts in options.accounts)
    head = "| accounts | facts | JSON | core seconds | memory |\n" + "| --- " * 5 + "|"
    day = datetime.datetime.now(datetime.UTC).date()
    text = f"# A large directory\n\n{machine()}, {day}.\n\n{head}\n{table}\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
