"""Whose account and which address a record is about, and what to show of it.

Field names: Microsoft's documentation of the security events, Sysmon's manifest, the IIS W3C
fields. The first field in each list that carries a telling value is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exward.incidents.addresses import is_anywhere, is_internal, parse_address
from exward.incidents.joins import JOIN_FIELDS
from exward.model.records import EventType
from exward.rules.folding import KEYWORDS, Folded

# Events in which the target is the one who logs on.
_LOGONS = frozenset({4624, 4625, 4634, 4647, 4768, 4769, 4771, 4776, 4778, 4779})
_LOGON_ACCOUNT = ("TargetUserName", "AccountName", "User")
_ACCOUNT = (
    *("SubjectUserName", "User", "SourceUser", "cs-username", "AccountName"),
    *("Caller", "LogonUserDisplayName", "UserID"),
    *("AuthenticatedUser", "PSA", "sender-address", "P1FromAddress"),
)
_ADDRESS = (
    *("IpAddress", "c-ip", "ClientAddress", "SourceNetworkAddress", "Workstation IP"),
    *("ClientIPAddress", "ClientIpAddress", "original-client-ip", "client-ip"),
    *("remote-endpoint", "RemoteEndpoint"),
)
_EMPTY = frozenset({"", "-", "localhost"})

_CONTEXT = (
    "EventID",
    "Image",
    "NewProcessName",
    "CommandLine",
    "ParentImage",
    "ParentProcessName",
    "ParentCommandLine",
    "User",
    "SubjectUserName",
    "TargetUserName",
    "TargetFilename",
    "TargetObject",
    "Details",
    "ImageLoaded",
    "SourceImage",
    "TargetImage",
    "IpAddress",
    "DestinationIp",
    "DestinationHostname",
    "LogonType",
    "ScriptBlockText",
    "ServiceName",
    "TaskName",
    "ImagePath",
    "Cmdlet",
    "Parameters",
    "Caller",
    "Process",
    "Operation",
    "MailboxOwnerUPN",
    "ClientIPAddress",
    "Data",
    "cs-method",
    "cs-uri-stem",
    "cs-uri-query",
    "c-ip",
    "cs-username",
    "cs-user-agent",
    "sc-status",
    "RequestId",
    "Protocol",
    "UrlStem",
    "UrlQuery",
    "AnchorMailbox",
    "HttpStatus",
    "ClientIpAddress",
    "AuthenticatedUser",
    "UserAgent",
    "SoapAction",
    "CMD",
    "event-id",
    "sender-address",
    "recipient-address",
    "related-recipient-address",
    "message-subject",
    "original-client-ip",
    "ProcessGuid",
    "ParentProcessGuid",
    "ProcessId",
    "LogonId",
    "SubjectLogonId",
)
MAX_FIELDS = 30
MAX_VALUE = 1000


def account(event: EventType, record: Folded) -> str:
    """The acting account as written; "" if the record names none."""
    logon = event.event_id in _LOGONS and event.log == "windows"
    return _first(_LOGON_ACCOUNT if logon else _ACCOUNT, record)


def source_ip(record: Folded) -> str:
    """The remote address that the record came from; "" if it names none."""
    return _outermost(_first(_ADDRESS, record)).removeprefix("::ffff:")


def _outermost(text: str) -> str:
    """The client in a chain `client proxy`, without the port of `192.0.2.1:4711`."""
    addresses = [
        found for part in text.split() if (found := parse_address(part.strip(","))) is not None
    ]
    if not addresses:
        return text
    outside = (one for one in addresses if not is_internal(one) and not is_anywhere(one))
    return str(next(outside, addresses[0]))


def _first(names: Iterable[str], record: Folded) -> str:
    for name in names:
        if name in record.fields:
            for text in record.texts(name):
                if text.strip() not in _EMPTY:
                    return text.strip()[:200]
    return ""


def excerpt(record: Folded, wanted: Iterable[str]) -> Mapping[str, str]:
    """The fields that a rule looked at and those that tell who did what; values are cut."""
    shown: dict[str, str] = {}
    for name in dict.fromkeys((*wanted, *_CONTEXT, *JOIN_FIELDS)):
        if name == KEYWORDS or name not in record.fields or len(shown) == MAX_FIELDS:
            continue
        texts = list(dict.fromkeys(record.texts(name)))
        # Of several readings of a web request the first is as logged.
        text = "; ".join(texts) if name.startswith("Data") else next(iter(texts), "")
        if text:
            shown[name] = text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
    return shown
