"""The values in a finding that tie it to other findings, and how far each kind of value reaches.

Field names are Sigma's. A value that many hosts or programs share by nature (SYSTEM, loopback,
the service manager's process) ties nothing and is left out here.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from exward.incidents.addresses import is_anywhere, is_internal, parse_address
from exward.incidents.web_paths import as_web_path, is_stock_page, is_system_program
from exward.model.account import bare_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.finding import Evidence, Finding

HOUR = 3_600_000_000
"""µs."""
DAY = 24 * HOUR


class Reach(NamedTuple):
    """How far a kind of value joins.

    `name` is what people see; findings further apart than `window` µs are not joined (None: no
    limit); a value in findings of more than `most_rules` rules is too common to say anything;
    a `strong` value also takes in low findings; one that goes `across` links servers.
    """

    name: str
    window: int | None
    most_rules: int
    strong: bool
    across: bool


class Kind(Enum):
    """Kinds of joining values.

    `FILE` is a file of the evidence itself, which several detectors may judge.

    Windows: a logon session seldom outlives a day; process ids are used again, so that an hour
    is all they say; private addresses change hands (DHCP leases) and stand for load balancers.
    """

    PROCESS = Reach("ProcessGuid", None, 200, True, False)
    PATH = Reach("path", None, 60, True, False)
    FILE = Reach("file", None, 1_000, True, False)
    HASH = Reach("hash", None, 60, True, True)
    PUBLIC_ADDRESS = Reach("source_ip", 30 * DAY, 200, True, True)
    REMOTE_ADDRESS = Reach("destination_ip", 30 * DAY, 60, True, True)
    PRIVATE_ADDRESS = Reach("source_ip", DAY, 25, False, True)
    SESSION = Reach("LogonId", DAY, 200, True, False)
    REQUEST = Reach("request", HOUR, 60, True, False)
    ACCOUNT = Reach("account", DAY, 60, False, True)
    LOCAL_ACCOUNT = Reach("account", DAY, 60, False, False)
    PROCESS_ID = Reach("ProcessId", HOUR, 40, False, False)
    MAILBOX = Reach("mailbox", 7 * DAY, 60, True, True)


class Value(NamedTuple):
    """One joining value of a finding and when it occurred there (µs UTC; None: not known)."""

    kind: Kind
    text: str
    time: int | None


SOURCE_ADDRESS_FIELDS = (
    "c-ip", "ClientIpAddress", "ClientIP", "client-ip", "original-client-ip", "IpAddress",
    "SourceIp", "SourceAddress", "ClientAddress",
)  # fmt: skip
DESTINATION_ADDRESS_FIELDS = ("DestinationIp", "DestAddress")
OWN_ADDRESS_FIELD = "s-ip"
ACCOUNT_FIELDS = (
    "SubjectUserName", "TargetUserName", "User", "SourceUser", "cs-username", "AuthenticatedUser",
    "MemberName",
)  # fmt: skip
WEB_PATH_FIELDS = ("cs-uri-stem", "UrlStem")
FILE_FIELDS = ("TargetFilename", "RelativeTargetName")
IMAGE_FIELDS = (
    "Image", "NewProcessName", "ImageLoaded", "ParentImage", "ParentProcessName", "SourceImage",
    "ServiceFileName", "ImagePath", "ObjectName",
)  # fmt: skip
HASH_FIELDS = ("Hashes", "Hash")
PROCESS_FIELDS = {
    "ProcessGuid": "Image",
    "ParentProcessGuid": "ParentImage",
    "SourceProcessGUID": "SourceImage",
    "SourceProcessGuid": "SourceImage",
}
"""Field with a Sysmon process GUID -> field with that process's program."""
PROCESS_ID_FIELDS = {
    "ProcessId": "ProcessName",
    "NewProcessId": "NewProcessName",
    "ParentProcessId": "ParentImage",
    "SourceProcessId": "SourceImage",
}
SESSION_FIELDS = ("SubjectLogonId", "TargetLogonId", "LogonId")
REQUEST_FIELDS = (
    *("cs-uri-query", "RequestId", "ActivityId", "ACTID", "REQID", "CorrelationGuid"),
    "ClientRequestId",
)
"""Exchange's front end writes its request id into IIS's query (`cafeReqId=`), HttpProxy and the
back ends log it as RequestId; ActivityId goes with a cmdlet."""

MAILBOX_FIELD = "mailbox-in-story"
"""Put there by `mail_story` alone: whose mailbox got a harmful message and was then misused."""

JOIN_FIELDS: tuple[str, ...] = (
    *SOURCE_ADDRESS_FIELDS, *DESTINATION_ADDRESS_FIELDS, OWN_ADDRESS_FIELD, *ACCOUNT_FIELDS,
    *WEB_PATH_FIELDS, *FILE_FIELDS, *IMAGE_FIELDS, *HASH_FIELDS, *PROCESS_FIELDS,
    *PROCESS_ID_FIELDS, *SESSION_FIELDS, *REQUEST_FIELDS, "ProcessName",
)  # fmt: skip
"""What the excerpt in `Evidence.fields` has to keep for the story to hold together."""


class _Role(Enum):
    """What a field says."""

    SOURCE = SOURCE_ADDRESS_FIELDS
    DESTINATION = DESTINATION_ADDRESS_FIELDS
    ACCOUNT = ACCOUNT_FIELDS
    URL = WEB_PATH_FIELDS
    FILE = FILE_FIELDS
    PROGRAM = IMAGE_FIELDS
    HASH = HASH_FIELDS
    PROCESS = tuple(PROCESS_FIELDS)
    PROCESS_ID = tuple(PROCESS_ID_FIELDS)
    SESSION = SESSION_FIELDS
    REQUEST = REQUEST_FIELDS
    MAILBOX = (MAILBOX_FIELD,)


_ROLES = {name: role for role in _Role for name in role.value}

MAX_VALUE_CHARS = 1_024

_SHARED_PROGRAMS = frozenset(
    ("csrss.exe", "explorer.exe", "lsass.exe", "services.exe", "smss.exe", "svchost.exe",
     "system", "userinit.exe", "wininit.exe", "winlogon.exe", "wmiprvse.exe"),
)  # fmt: skip
"""Programs that start or serve everything on a host: being their child is no common origin."""

_SHARED_ACCOUNTS = frozenset(
    ("", "-", "n/a", "anonymous", "anonymous logon", "iusr", "local service", "localsystem",
     "local system", "network service", "system", "système", "sistema", "система",
     "administrators", "domain admins", "remote desktop users", "users"),
)  # fmt: skip
"""Built-in service accounts, and groups, which events of changed members name as the target."""
_SHARED_DOMAINS = re.compile(r"nt[ -]|autori[tdz]|font driver host$|iis apppool$|window manager$")
"""Domains of built-in accounts, translated ones too (`AUTORITE NT`, `NT-AUTORITÄT`)."""
_MONITORING = re.compile(r"healthmailbox|extest_|s-1-5-(?:18|19|20|7)$|(?:umfd|dwm)-\d+$")
"""Exchange's own probes, and well-known SIDs (MS-DTYP 2.4.2.4)."""
_BUILT_IN = frozenset(("administrator", "guest", "administrateur", "administrador"))
"""Every Windows host has them: the same name on two hosts is not the same account."""
_SHARED_SESSIONS = frozenset((0, 0x3E3, 0x3E4, 0x3E5, 0x3E7))
"""No session, and those of the built-in service accounts (winnt.h: SYSTEM_LUID and others)."""
_NO_PROCESS = frozenset((None, 0, 4))
"""No number, the idle process, the kernel."""
_ZERO_GUID = re.compile(r"\{?[0-]*\}?")
"""Also an empty text."""
_REQUEST = re.compile(
    r"(?:cafeReqId|ActID)=([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|^\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?$"
)
_DIGEST = re.compile(r"(SHA256|SHA1|MD5)=([0-9A-Fa-f]{32,64})\b|^([0-9A-Fa-f]{32,64})$")


def values_of(finding: Finding, own_addresses: frozenset[str]) -> Iterator[Value]:
    """Yield the joining values of a finding; `own_addresses` are those of its server."""
    host = finding.server.partition(".")[0].casefold()
    yield from _address(finding.source_ip, finding.first, own_addresses)
    yield from _account(finding.account, finding.first, host)
    if finding.path:
        yield Value(Kind.FILE, finding.path, finding.first)
    for place in finding.evidence:
        for name, text in place.fields.items():
            role = _ROLES.get(name)
            if role is _Role.SOURCE:
                yield from _address(text, place.time, own_addresses)
            elif role is _Role.DESTINATION:
                yield from _destination(text, place.time)
            elif role is _Role.ACCOUNT:
                yield from _account(text, place.time, host)
            elif role is _Role.MAILBOX:
                yield Value(Kind.MAILBOX, text[:MAX_VALUE_CHARS].casefold(), place.time)
            elif role is not None:
                yield from _of_file_or_process(role, name, place)


def own_addresses_of(finding: Finding) -> Iterator[str]:
    """Yield the addresses that the evidence names as the server's own."""
    for place in finding.evidence:
        address = parse_address(place.fields.get(OWN_ADDRESS_FIELD, ""))
        if address is not None:
            yield str(address)


def _address(text: str, time: int | None, own: frozenset[str]) -> Iterator[Value]:
    address = parse_address(text)
    if address is not None and not is_anywhere(address) and str(address) not in own:
        kind = Kind.PRIVATE_ADDRESS if is_internal(address) else Kind.PUBLIC_ADDRESS
        yield Value(kind, str(address), time)


def _destination(text: str, time: int | None) -> Iterator[Value]:
    address = parse_address(text)
    if address is None or is_anywhere(address) or address.is_multicast:
        return
    if not is_internal(address):
        yield Value(Kind.REMOTE_ADDRESS, str(address), time)


def _account(text: str, time: int | None, host: str) -> Iterator[Value]:
    folded = text[:MAX_VALUE_CHARS].strip().casefold()
    domain, name = folded.rpartition("\\")[0], bare_name(folded)
    shared = name in _SHARED_ACCOUNTS or _SHARED_DOMAINS.match(domain) or _MONITORING.match(name)
    if not shared and name != f"{host}$" and not name.startswith("cn="):
        yield Value(Kind.LOCAL_ACCOUNT if name in _BUILT_IN else Kind.ACCOUNT, name, time)


def _of_file_or_process(role: _Role, name: str, place: Evidence) -> Iterator[Value]:
    text = place.fields[name][:MAX_VALUE_CHARS]
    if role is _Role.PROCESS or role is _Role.PROCESS_ID or role is _Role.SESSION:
        yield from _identifier(role, name, text, place)
    elif role is _Role.HASH:
        yield from _hash(text, place)
    elif role is _Role.REQUEST:
        yield from _request(text, place)
    else:
        path = as_web_path(text, is_url=role is _Role.URL)
        stock = is_system_program(path) if role is _Role.PROGRAM else is_stock_page(path)
        if path and not stock:
            yield Value(Kind.PATH, path, place.time)


def _identifier(role: _Role, name: str, text: str, place: Evidence) -> Iterator[Value]:
    if role is _Role.PROCESS:
        guid = text[:64].strip().upper()
        if not _ZERO_GUID.fullmatch(guid) and not _is_shared(place, PROCESS_FIELDS[name]):
            yield Value(Kind.PROCESS, guid, place.time)
        return
    number = _number(text)
    if role is _Role.SESSION:
        if number is not None and number not in _SHARED_SESSIONS:
            yield Value(Kind.SESSION, hex(number), place.time)
    elif (
        number not in _NO_PROCESS
        and not _is_shared(place, PROCESS_ID_FIELDS[name])
        and not (name == "ProcessId" and _is_pool(place))
    ):
        yield Value(Kind.PROCESS_ID, str(number), place.time)


def _request(text: str, place: Evidence) -> Iterator[Value]:
    for found in _REQUEST.finditer(text):
        request = (found[1] or found[2]).lower()
        if not _ZERO_GUID.fullmatch(request):
            yield Value(Kind.REQUEST, request, place.time)


def _hash(text: str, place: Evidence) -> Iterator[Value]:
    program = as_web_path(place.fields.get("Image", "")[:MAX_VALUE_CHARS], is_url=False)
    match = _DIGEST.search(text)
    if match and program and not is_system_program(program):
        yield Value(Kind.HASH, (match[2] or match[3]).lower(), place.time)


def _is_shared(place: Evidence, program: str) -> bool:
    path = place.fields.get(program, "")
    return re.split(r"[/\\]", path[-MAX_VALUE_CHARS:])[-1].casefold() in _SHARED_PROGRAMS


def _is_pool(place: Evidence) -> bool:
    """Whether a cmdlet ran in a worker process, which serves everybody: its number says nothing."""
    return place.fields.get("ProcessName", "")[:20].casefold().startswith("w3wp")


def _number(text: str) -> int | None:
    """Read a decimal or 0x number as event logs write it."""
    if len(text) > 20 or not text.isascii():
        return None
    try:
        return int(text, 0) if text.lower().startswith("0x") else int(text)
    except ValueError:
        return None
