"""A campaign: what members of watched groups have, and who else has dangerous roles and rights, is
kept or removed one by one, by an owner, by a day, on record.

The campaign is a YAML file that the owner fills in. Its record is signed (Ed25519, RFC 8032): who
has the public key can tell whether a decision was changed afterwards.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

import msgspec
import nacl.exceptions
import nacl.signing
import yaml

from exward.access.findings import MAX_PLACES
from exward.model.errors import ContentError
from exward.model.finding import Finding
from exward.model.powershell import LITERAL
from exward.model.written_yaml import written

MAX_BYTES = 64 * 1024 * 1024
MAX_EVERY_DAYS = 366
"""What is kept is accepted so long; then somebody has to look again."""
HEADER = (
    "# For each item: decision: keep or remove, and why. Then: exward access review finish.\n"
    "# docs/access.md explains.\n"
)
KEEP, REMOVE = "keep", "remove"
_ALWAYS = frozenset({"who", "what", "decision", "why"})
"""What an item has in the file though it be empty: the evidence names some accounts by nothing."""
_JOIN = ", "
_SUSPECT = "access-suspect-member"
_MEMBERS = "access-group-members"
MEMBER = "member"
"""What somebody is of a group, where others have a role or a right."""
_REACH = rf"(?: -InheritanceType \w+)?(?: -InheritedObjectType {LITERAL})?"
_ON_OBJECT = rf"-Identity {LITERAL} -User {LITERAL}"
_REMOVES = re.compile(
    "|".join(
        (
            rf"Remove-(?:ADGroupMember -Identity|RoleGroupMember|LocalGroupMember -Group) "
            rf"{LITERAL} -Members? {LITERAL}",
            rf"Set-ManagementRoleAssignment {LITERAL} -Enabled \$false",
            rf"Remove-MailboxPermission {_ON_OBJECT} -AccessRights \w+(?: -InheritanceType \w+)?",
            rf"Remove-ADPermission {_ON_OBJECT} -AccessRights \w+(?:,\w+)*"
            rf"(?: -Properties [\w-]+)?{_REACH}",
            rf"Remove-ADPermission {_ON_OBJECT} -ExtendedRights {LITERAL}{_REACH}",
        )
    )
)
"""What the checks write; the file passes through hands, and people run these."""


class _Fields(NamedTuple):
    """The fields of a finding's places that say who has what where."""

    who: str
    what: str
    where: str


_OF_ROLE = _Fields("assignee", "role", "scope")
_OF_MAILBOX = _Fields("trustee", "right", "mailbox")
_OF_OBJECT = _Fields("trustee", "right", "target")
_FIELDS = {
    _MEMBERS: _Fields("member", "", "group"),
    "access-role-assignment": _OF_ROLE,
    "access-role-for-everybody": _OF_ROLE,
    "access-mailbox-open-to-all": _OF_MAILBOX,
    "access-mailboxes-of-one": _OF_MAILBOX,
    "access-mailbox-full-access": _OF_MAILBOX,
    "access-domain-rights": _OF_OBJECT,
    "access-domain-replication": _OF_OBJECT,
    "access-adminsdholder-rights": _OF_OBJECT,
    "access-group-rights": _OF_OBJECT,
    "access-account-rights": _OF_OBJECT,
    "access-server-rights": _OF_OBJECT,
    "access-nested-group-rights": _OF_OBJECT,
    "access-container-rights": _OF_OBJECT,
}


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one account has: `what` is `member`, a role or a right; `where` the group, the scope,
    the mailbox or the object, "" for all that the finding is about.

    `added`: since when and by whom, as far as logs say; `suspect`: what speaks against it; `rule`:
    the finding that says so; `remove`, `undo`: PowerShell, "" where no single command does it.
    """

    who: str
    what: str
    where: str = ""
    sid: str = ""
    path: str = ""
    added: str = ""
    suspect: str = ""
    rule: str = ""
    remove: str = ""
    undo: str = ""
    decision: str = ""
    why: str = ""


class Campaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One review. Days are UTC; the next one is due `every_days` after this one.

    `left_out`: groups that are too large to decide on their members one by one.
    """

    owner: str
    due: datetime.date
    every_days: Annotated[int, msgspec.Meta(ge=1, le=MAX_EVERY_DAYS)]
    left_out: tuple[str, ...] = ()
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
    """A campaign over all members, roles and rights that the findings of a review name, members
    first.

    A group whose finding does not name all of its members is left out, and named. Raises
    ContentError if there is nothing to decide on.
    """
    listed = list(findings)
    suspects = {
        (place.fields.get("group"), place.fields.get("member")): one
        for one in listed
        if one.rule == _SUSPECT
        for place in one.evidence
    }
    items: dict[tuple[bool, str, str, str, str], Item] = {}
    large = [one.title for one in listed if _is_large(one)]
    for one in listed:
        if _is_large(one):
            continue
        if one.rule == _MEMBERS:
            found = _members(one, suspects)
        elif one.rule in _FIELDS and len(one.evidence) < MAX_PLACES:
            found = _held(one, _FIELDS[one.rule])
        elif one.rule in _FIELDS:
            found = iter((_whole(one, _FIELDS[one.rule]),))
        else:
            continue
        for item in found:
            items[not is_member(item), item.where, item.who, item.what, item.remove] = item
    if not items:
        what = "nobody has a role, a right or a place in a watched group here"
        hint = f"make smaller first: {large[0]}" if large else "run exward access on more first"
        raise ContentError(what, hint)
    chosen = tuple(items[key] for key in sorted(items))
    return Campaign(
        owner=owner, due=due, every_days=every, left_out=tuple(sorted(large)), items=chosen
    )


def _is_large(one: Finding) -> bool:
    return one.rule == _MEMBERS and one.count > len(one.evidence)


def _members(
    one: Finding, suspects: dict[tuple[str | None, str | None], Finding]
) -> Iterator[Item]:
    for place in one.evidence:
        group, member = place.fields["group"], place.fields["member"]
        suspect = suspects.get((group, member))
        yield Item(
            who=member,
            what=MEMBER,
            where=group,
            sid=place.fields.get("sid", ""),
            path=place.fields.get("path", ""),
            added=place.fields.get("added", ""),
            suspect=suspect.why if suspect is not None else "",
            rule=_SUSPECT if suspect is not None else "",
            remove=place.fields.get("remove", ""),
            undo=place.fields.get("undo", ""),
        )


def _held(one: Finding, names: _Fields) -> Iterator[Item]:
    """What a finding names place by place."""
    for place in one.evidence:
        yield Item(
            who=place.fields.get(names.who, ""),
            what=place.fields.get(names.what, ""),
            where=place.fields.get(names.where, ""),
            suspect=one.why,
            rule=one.rule,
            remove=place.fields.get("remove", ""),
            undo=place.fields.get("undo", ""),
        )


def _whole(one: Finding, names: _Fields) -> Item:
    """One decision on all, where there are too many places for one each."""
    what = sorted({place.fields.get(names.what, "") for place in one.evidence})
    return Item(who=one.account, what=_JOIN.join(what), suspect=one.why, rule=one.rule)


def rendered(campaign: Campaign) -> str:
    """The file for the owner; what is empty is left out, but for what each item has."""
    values = msgspec.to_builtins(campaign)
    values["items"] = [
        {name: text for name, text in one.items() if text or name in _ALWAYS}
        for one in values["items"]
    ]
    if not campaign.left_out:
        del values["left_out"]
    return HEADER + written(values)


def parse(data: bytes, name: str) -> Campaign:
    """Read the file that the owner filled in. Raises ContentError that says what is wrong."""
    if len(data) > MAX_BYTES:
        raise ContentError("is larger than a campaign can be (64 MiB)", "", name)
    try:
        campaign = msgspec.convert(_dates_as_text(yaml.safe_load(data)), Campaign)
        msgspec.json.encode(campaign)  # YAML writes half characters, which no record can hold
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(f"is no campaign: {error}", "docs/access.md", name) from error
    for one in campaign.items:
        if one.rule not in {"", _SUSPECT, *_FIELDS}:
            raise ContentError(f"{_shown(one)}: no rule of a review: {one.rule}", "", name)
        wrong = _wrong_command(one)
        if wrong:
            what = f"{_shown(one)}: no command that exward writes: {wrong}"
            raise ContentError(what, "take it from the results again: review start", name)
    return campaign


def _wrong_command(one: Item) -> str:
    """A command that removes nothing, or that undoes something else; "" if there is none."""
    if not one.remove:
        return ""  # then none is printed
    if _REMOVES.fullmatch(one.remove) is None:
        return one.remove
    return one.undo if one.undo not in {"", _undo_of(one.remove)} else ""


def _undo_of(remove: str) -> str:
    if remove.startswith("Set-"):
        return remove.removesuffix("$false") + "$true"
    return remove.replace("Remove-", "Add-", 1)


def _dates_as_text(value: object) -> object:
    """YAML reads `2027-01-31` as a date, msgspec wants the text."""
    if isinstance(value, dict) and isinstance(value.get("due"), datetime.date):
        return {**value, "due": value["due"].isoformat()}
    return value


def open_items(campaign: Campaign) -> Iterator[str]:
    """What is not decided yet, in words; what is kept needs a reason."""
    for one in campaign.items:
        shown = _shown(one)
        if one.decision not in {KEEP, REMOVE}:
            yield f"{shown}: decision is {one.decision or 'missing'}, not keep or remove"
        elif one.decision == KEEP and not one.why.strip():
            yield f"{shown}: why it is kept is missing"


def fingerprint(campaign: Campaign) -> str:
    """Tells one campaign with its decisions from others."""
    text = msgspec.json.encode(campaign, order="deterministic")
    return hashlib.blake2b(text, digest_size=4).hexdigest()


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
    """Lines of PowerShell for what is to go, each with its undo as a comment; a comment alone where
    there is no command. All is ASCII, as a script may be read in any code page.
    """
    for one in campaign.items:
        if one.decision == REMOVE and one.remove:
            yield one.remove
            yield f"# Undo: {one.undo or 'by hand'}"
        elif one.decision == REMOVE:
            by_hand = f"# By hand, as the results of the review say: {_shown(one)}"
            yield by_hand.encode("ascii", "backslashreplace").decode()


def fields_of(one: Item) -> dict[str, str]:
    """What an accepted risk compares, by the names that the findings of the item's rule use."""
    if is_member(one):
        return {"group": one.where}
    names = _FIELDS[one.rule]
    several = not one.where and _JOIN in one.what
    known = ((names.what, "" if several else one.what), (names.where, one.where))
    return {name: text for name, text in known if text}


def is_member(one: Item) -> bool:
    """Whether it is a place in a group; told by the rule, as a role may have any name."""
    return one.rule in {"", _SUSPECT, _MEMBERS}


def _shown(one: Item) -> str:
    """An item in words, on one line whatever stands in the file."""
    what = one.what + (f" on {one.where}" if one.where else "")
    said = f"{one.who} in {one.where}" if is_member(one) else f"{one.who}: {what}"
    return "".join(sign if sign.isprintable() else "?" for sign in said)
