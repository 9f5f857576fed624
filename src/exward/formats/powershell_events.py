"""Names for the values of events that PowerShell exported without them.

`Get-WinEvent | ConvertTo-Json` keeps an event's values in order (`Properties`), not their names.
The orders are those of the providers' manifests (`wevtutil gp <provider> /ge /gm`; Microsoft:
"Security auditing", Sysinternals: Sysmon); a newer version of an event only adds at the end unless
a row says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SECURITY = "Security"
SYSMON = "Microsoft-Windows-Sysmon/Operational"
POWERSHELL = "Microsoft-Windows-PowerShell/Operational"
SYSTEM = "System"

_SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
_PROCESS = "RuleName UtcTime ProcessGuid ProcessId Image"
_MEMBER = f"MemberName MemberSid TargetUserName TargetDomainName TargetSid {_SUBJECT} PrivilegeList"
_VERSION = "FileVersion Description Product Company OriginalFileName"
_LOGON = (
    f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType "
    "LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices "
    "LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort ImpersonationLevel "
    "RestrictedAdminMode{} TargetOutboundUserName TargetOutboundDomainName VirtualAccount "
    "TargetLinkedLogonId ElevatedToken"
)

_ORDERS: dict[tuple[str, int], tuple[str, ...]] = {
    (SECURITY, 4624): (_LOGON.format(""), _LOGON.format(" RemoteCredentialGuard")),
    (SECURITY, 4625): (
        f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus "
        "LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices "
        "LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort",
    ),
    (SECURITY, 4648): (
        f"{_SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName "
        "TargetInfo ProcessId ProcessName IpAddress IpPort",
    ),
    (SECURITY, 4672): (f"{_SUBJECT} PrivilegeList",),
    (SECURITY, 4688): (
        f"{_SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine "
        "TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName "
        "MandatoryLabel",
    ),
    (SECURITY, 4697): (
        f"{_SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount",
    ),
    (SECURITY, 4698): (f"{_SUBJECT} TaskName TaskContent",),
    (SECURITY, 4720): (
        f"TargetUserName TargetDomainName TargetSid {_SUBJECT} PrivilegeList SamAccountName "
        "DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath "
        "UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo "
        "OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours",
    ),
    (SECURITY, 4724): (f"TargetUserName TargetDomainName TargetSid {_SUBJECT}",),
    (SECURITY, 4726): (f"TargetUserName TargetDomainName TargetSid {_SUBJECT} PrivilegeList",),
    **{(SECURITY, number): (_MEMBER,) for number in (4728, 4729, 4732, 4733, 4756, 4757)},
    (SECURITY, 4768): (
        "TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status "
        "TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber "
        "CertThumbprint",
    ),
    (SECURITY, 4769): (
        "TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType "
        "IpAddress IpPort Status LogonGuid TransmittedServices",
    ),
    (SECURITY, 4776): ("PackageName TargetUserName Workstation Status",),
    (SECURITY, 5145): (
        f"{_SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName "
        "AccessMask AccessList AccessReason",
    ),
    (SYSTEM, 7045): ("ServiceName ImagePath ServiceType StartType AccountName",),
    (SYSTEM, 7036): ("param1 param2",),
    (SYSTEM, 7040): ("param1 param2 param3 param4",),
    (POWERSHELL, 4103): ("ContextInfo UserData Payload",),
    (POWERSHELL, 4104): ("MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path",),
    (SYSMON, 1): (
        f"{_PROCESS} {_VERSION} CommandLine CurrentDirectory User LogonGuid LogonId "
        "TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage "
        "ParentCommandLine ParentUser",
        # Before schema 4.22: neither OriginalFileName nor ParentUser.
        f"{_PROCESS} FileVersion Description Product Company CommandLine CurrentDirectory User "
        "LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid "
        "ParentProcessId ParentImage ParentCommandLine",
    ),
    (SYSMON, 3): (
        f"{_PROCESS} User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort "
        "SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort "
        "DestinationPortName",
    ),
    (SYSMON, 7): (
        f"{_PROCESS} ImageLoaded {_VERSION} Hashes Signed Signature SignatureStatus User",
        f"{_PROCESS} ImageLoaded FileVersion Description Product Company Hashes Signed Signature "
        "SignatureStatus",
    ),
    (SYSMON, 10): (
        "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage "
        "TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser "
        "TargetUser",
    ),
    (SYSMON, 11): (f"{_PROCESS} TargetFilename CreationUtcTime User",),
    (SYSMON, 12): ("RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User",),
    (SYSMON, 13): (
        "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User",
    ),
    (SYSMON, 22): (
        "RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User",
    ),
}

# Values that the event's XML shows in hexadecimal and PowerShell as a number.
_HEX_NAMES = frozenset(
    {"SubjectLogonId", "TargetLogonId", "TargetLinkedLogonId", "LogonId", "Status", "SubStatus"}
)
_HEX_IN_SECURITY = frozenset({"ProcessId", "NewProcessId"})
_MESSAGE_LINE = re.compile(r"^[ \t]*([A-Za-z][A-Za-z0-9 ]{0,40}?)[ \t]*:(.*)$", re.M)
_MAX_MESSAGE = 256 * 1024


def named_values(
    channel: str, event_id: int, values: Sequence[object], message: str
) -> dict[str, object]:
    """Give an event's values under their names; those without one as `Data` in order."""
    names = _names(channel, event_id, len(values))
    if names:
        pairs = zip(names, values, strict=True)
        return {name: _as_in_xml(channel, name, value) for name, value in pairs}
    named: dict[str, object] = _from_message(message)
    if values:
        named["Data"] = [_text(value) for value in values]
    return named


def _names(channel: str, event_id: int, count: int) -> list[str]:
    """The names for `count` values; none if no known version of the event fits."""
    orders = [order.split() for order in _ORDERS.get((channel, event_id), ())]
    for order in orders:
        if len(order) == count:
            return order
    if not orders or not count or count > len(orders[0]):
        return []
    return orders[0][:count]


def _as_in_xml(channel: str, name: str, value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        if name in _HEX_NAMES or (channel == SECURITY and name in _HEX_IN_SECURITY):
            return hex(value & 0xFFFFFFFF if value < 0 else value)
        return value
    if isinstance(value, dict):  # an account's SID as an object
        return _text(value)
    return value


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("Value")
    return "" if value is None else str(value)


def _from_message(message: str) -> dict[str, object]:
    """`Name: value` lines of the message (Sysmon writes its values so); the first of each name."""
    found: dict[str, object] = {}
    for line in _MESSAGE_LINE.finditer(message[:_MAX_MESSAGE]):
        if value := line[2].strip(" \t\r"):
            found.setdefault(line[1], value)
    return found
