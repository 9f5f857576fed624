"""A campaign: each member of a watched group is kept or removed by its owner, by a day, on record.

The campaign is a YAML file that the owner fills in. Its record is signed (Ed25519, RFC 8032): who
has the public key can tell whether a decision was changed afterwards.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

import msgspec
import nacl.exceptions
import nacl.signing
import yaml

from exward.access.quoting import QUOTED
from exward.model.errors import ContentError
from exward.model.finding import Finding

MAX_BYTES = 64 * 1024 * 1024
HEADER = (
    "# For each member: decision: keep or remove, and why. Then: exward access review finish.\n"
    "# docs/access.md explains.\n"
)
KEEP, REMOVE = "keep", "remove"
_COMMAND = re.compile(
    r"(?:Remove|Add)-(?:ADGroupMember -Identity|RoleGroupMember|LocalGroupMember -Group) "
    rf"{QUOTED} -Members? {QUOTED}"
)
"""What `checks/group_members.py` writes; the file passes through hands, and people run these."""
_GROUP_RULES = frozenset({"access-group-members"})
_SUSPECT = "access-suspect-member"


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One member of one group.

    `added`: since when and by whom, as far as logs say; `suspect`: what speaks against it;
    `remove`, `undo`: PowerShell.
    """

    group: str
    member: str
    sid: str = ""
    path: str = ""
    added: str = ""
    suspect: str = ""
    remove: str = ""
    undo: str = ""
    decision: str = ""
    why: str = ""


class Campaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One review. Days are UTC; the next one is due `every_days` after this one."""

    owner: str
    due: datetime.date
    every_days: int
    items: tuple[Item, ...]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was decided. `signature` (hex) is over the record without it, as `signed_bytes`."""

    campaign: Campaign
    decided: datetime.date
    next_due: datetime.date
    late: bool
    public_key: str = ""
    signature: str = ""


def start(findings: Iterable[Finding], owner: str, due: datetime.date, every: int) -> Campaign:
    """A campaign over all members that the findings of a review name, by group and name.

    Raises ContentError if a group's finding does not name all of its members, or none is there.
    """
    listed = list(findings)
    suspects = {
        (place.fields.get("group"), place.fields.get("member")): one
        for one in listed
        if one.rule == _SUSPECT
        for place in one.evidence
    }
    items: dict[tuple[str, str], Item] = {}
    for one in listed:
        if one.rule in _GROUP_RULES:
            if one.count > len(one.evidence):
                hint = "empty the group first: nobody decides on so many one by one"
                raise ContentError(f"too many members to decide on: {one.title}", hint)
            for item in _items(one, suspects):
                items[item.group, item.member] = item
    if not items:
        raise ContentError("no watched group has a member here", "run exward access on more first")
    chosen = tuple(items[key] for key in sorted(items))
    return Campaign(owner=owner, due=due, every_days=every, items=chosen)


def _items(one: Finding, suspects: dict[tuple[str | None, str | None], Finding]) -> Iterator[Item]:
    for place in one.evidence:
        group, member = place.fields["group"], place.fields["member"]
        suspect = suspects.get((group, member))
        yield Item(
            group=group,
            member=member,
            sid=place.fields.get("sid", ""),
            path=place.fields.get("path", ""),
            added=place.fields.get("added", ""),
            suspect=suspect.why if suspect is not None else "",
            remove=place.fields.get("remove", ""),
            undo=place.fields.get("undo", ""),
        )


def rendered(campaign: Campaign) -> str:
    """The file for the owner."""
    values = msgspec.to_builtins(campaign)
    return HEADER + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)


def parse(data: bytes, name: str) -> Campaign:
    """Read the file that the owner filled in. Raises ContentError that says what is wrong."""
    if len(data) > MAX_BYTES:
        raise ContentError("is larger than a campaign can be (64 MiB)", "", name)
    try:
        campaign = msgspec.convert(_dates_as_text(yaml.safe_load(data)), Campaign)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise ContentError(f"is no campaign: {error}", "docs/access.md", name) from error
    for one in campaign.items:
        for command in (one.remove, one.undo):
            if command and _COMMAND.fullmatch(command) is None:
                what = f"{one.member} in {one.group}: no command that exward writes: {command}"
                raise ContentError(what, "take it from the results again: review start", name)
    return campaign


def _dates_as_text(value: object) -> object:
    """YAML reads `2027-01-31` as a date, msgspec wants the text."""
    if isinstance(value, dict) and isinstance(value.get("due"), datetime.date):
        return {**value, "due": value["due"].isoformat()}
    return value


def open_items(campaign: Campaign) -> Iterator[str]:
    """What is not decided yet, in words; a member that is kept needs a reason."""
    for one in campaign.items:
        shown = f"{one.member} in {one.group}"
        if one.decision not in {KEEP, REMOVE}:
            yield f"{shown}: decision is {one.decision or 'missing'}, not keep or remove"
        elif one.decision == KEEP and not one.why.strip():
            yield f"{shown}: why it is kept is missing"


def finish(campaign: Campaign, today: datetime.date, key: bytes) -> Record:
    """The signed record; `key` is an Ed25519 seed of 32 bytes."""
    signer = nacl.signing.SigningKey(key)
    record = Record(
        campaign=campaign,
        decided=today,
        next_due=today + datetime.timedelta(days=campaign.every_days),
        late=today > campaign.due,
        public_key=bytes(signer.verify_key).hex(),
    )
    signature = signer.sign(signed_bytes(record)).signature
    return msgspec.structs.replace(record, signature=signature.hex())


def signed_bytes(record: Record) -> bytes:
    """What the signature is over."""
    plain = msgspec.structs.replace(record, signature="")
    return msgspec.json.encode(plain, order="deterministic")


def is_genuine(record: Record, public_key: str) -> bool:
    """Whether the owner of this public key (hex) signed exactly this record."""
    try:
        verifier = nacl.signing.VerifyKey(bytes.fromhex(public_key))
        verifier.verify(signed_bytes(record), bytes.fromhex(record.signature))
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return record.public_key == public_key


def removals(campaign: Campaign) -> Iterator[str]:
    """Lines of PowerShell for the members that are to go, each with its undo as a comment."""
    for one in campaign.items:
        if one.decision == REMOVE:
            yield one.remove
            yield f"# Undo: {one.undo}"
