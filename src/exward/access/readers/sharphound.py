"""What SharpHound collects, of its versions 2 to 6: `{"data": […], "meta": {…}}` and the older
`{"users": […], "meta": {…}}`.

Layouts as documented by BloodHound's ingest formats: references are SIDs (`ObjectIdentifier`,
version 3: `MemberId`, version 2: `MemberName`), well-known ones with the domain before
(`CONTOSO.LOCAL-S-1-5-32-544`). Times are seconds since 1970, 0 or -1 for never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from exward.access import rights
from exward.access.facts import Fact, Kind, Membership, Party, Place, Right
from exward.access.ldap_entry import dn_of
from exward.formats import json_objects, text_encoding
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "sharphound"
TITLE = "SharpHound (BloodHound) JSON"

_TYPES = b"data|users|groups|computers|domains|ous|gpos|containers"
_LIST = re.compile(rb'"(?:' + _TYPES + rb')"\s{0,80}:\s{0,80}\[', re.IGNORECASE)
_OF_OBJECTS = (b'"ObjectIdentifier"', b'"Properties"', b'"Aces"')
_SECONDS = 1_000_000
_LAST_S = 253_402_300_800
"""9999-12-31: later ones are no times."""
_TELLING = (
    ("Members", Kind.GROUP),
    ("Sessions", Kind.COMPUTER),
    ("LocalAdmins", Kind.COMPUTER),
    ("LocalGroups", Kind.COMPUTER),
    ("HasSIDHistory", Kind.USER),
    ("SPNTargets", Kind.USER),
    ("Trusts", Kind.DOMAIN),
)
"""Properties that only objects of one kind have."""


def recognises(path: str, head: bytes) -> bool:
    """Say whether a file begins as SharpHound's do; an empty list has its `meta`."""
    del path
    text = text_encoding.utf8_head(head)
    if not text.lstrip().startswith(b"{") or _LIST.search(text[:8192]) is None:
        return False
    return sum(one in text for one in _OF_OBJECTS) >= 2 or b'"methods"' in text


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of every object; positions count objects."""
    with source.open() as stream:
        blocks = _inside(text_encoding.utf8_blocks(stream, source.head))
        for piece in json_objects.by_brace(blocks):
            if piece.data is None:
                yield Skipped(source.path, piece.number, piece.reason, 1)
                continue
            try:
                found = json_objects.parse(piece.data)
            except ValueError as error:
                yield Skipped(source.path, piece.number, f"no readable object: {error}", 1)
                continue
            for one in found:
                if isinstance(one, Mapping) and "Properties" in one:
                    yield from _facts(one, Place(source.path, piece.number))


def _inside(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks without the object around the list, so that each entry stands for itself."""
    for number, block in enumerate(blocks):
        yield _LIST.sub(b"[", block.replace(b"{", b" ", 1), count=1) if number == 0 else block


def _facts(one: Mapping[str, object], place: Place) -> Iterator[Fact]:
    properties = {name.casefold(): value for name, value in _map(one.get("Properties")).items()}
    sid = _text(one.get("ObjectIdentifier") or properties.get("objectid"))
    itself = sid or _text(properties.get("name"))
    if not itself:
        return
    yield _party(one, properties, sid, place)
    for member in _maps(one.get("Members")):
        named = next(
            (text for key in ("ObjectIdentifier", "MemberId", "MemberName")
             if (text := _text(member.get(key)))),
            "",
        )  # fmt: skip
        if named:
            yield Membership(itself, named, place)
    primary = _text(one.get("PrimaryGroupSID") or one.get("PrimaryGroupSid"))
    if primary:
        yield Membership(_same(primary), itself, place, primary=True)
    for actor in _maps(one.get("AllowedToAct")):
        if trustee := _text(actor.get("ObjectIdentifier")):
            yield Right(itself, trustee, rights.ACT_FOR, False, place)
    for ace in _maps(one.get("Aces")):
        trustee = _text(ace.get("PrincipalSID") or ace.get("PrincipalName"))
        named = rights.sharphound_name(_text(ace.get("RightName")), _text(ace.get("AceType")))
        if trustee and named:
            inherited = ace.get("IsInherited") is True
            yield Right(itself, _same(trustee), named, inherited, place)


def _party(
    one: Mapping[str, object], properties: Mapping[str, object], sid: str, place: Place
) -> Party:
    shown = _text(properties.get("name"))
    logons = [
        time
        for name in ("lastlogon", "lastlogontimestamp")
        if (time := _time(properties.get(name))) is not None
    ]
    kind = next((kind for name, kind in _TELLING if name in one), Kind.OTHER)
    domain = _same(_text(properties.get("domain")))
    return Party(
        place=place,
        sid=sid,
        dn=_text(properties.get("distinguishedname"))
        or (dn_of(domain.lower()) * (kind is Kind.DOMAIN)),
        name=_text(properties.get("samaccountname")) or shown.partition("@")[0],
        domain=domain,
        kind=Kind.SERVICE if kind is Kind.USER and properties.get("gmsa") is True else kind,
        enabled=_truth(properties.get("enabled")),
        last_logon=max(logons, default=None),
        password_set=_time(properties.get("pwdlastset")),
        created=_time(properties.get("whencreated")),
        never_expires=_truth(properties.get("pwdneverexpires")),
        no_preauthentication=_truth(properties.get("dontreqpreauth")),
        admin_count=_truth(properties.get("admincount")),
        mailbox=True if _text(properties.get("email")) else None,
        no_password=_truth(properties.get("passwordnotreqd")),
        unconstrained=_truth(properties.get("unconstraineddelegation")),
        any_protocol=_truth(properties.get("trustedtoauth")),
        delegates_to=_texts(properties.get("allowedtodelegate")),
        sid_history=_texts(properties.get("sidhistory")),
        spns=_texts(properties.get("serviceprincipalnames")),
        description=_text(properties.get("description")),
    )


@lru_cache(maxsize=65_536)
def _same(text: str) -> str:
    """One text for all that are equal: a few trustees stand in the lists of all objects."""
    return text


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; newer versions wrap some (`{"Collected": …, "Results": […]}`)."""
    if isinstance(value, Mapping):
        value = value.get("Results")
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, value))) if isinstance(value, list) else ()


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _time(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if value <= 0:
        return 0
    return int(value) * _SECONDS if value < _LAST_S else None  # of 1e999 JSON makes infinity
