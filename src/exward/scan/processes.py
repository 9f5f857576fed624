"""Process creations that may belong to a process tree, out of Sysmon's and Windows' own records.

Which of them an incident shows is decided later, when it is known what was found: this keeps what
web and mail processes, shells, and programs from unusual folders started, and every shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exward.incidents.process_tree import Started
from exward.model.records import EventType, TextBatch

MAX_STARTED = 20_000
"""Process creations that one share of an evidence file may keep."""
_PATH_CHARS = 260
_COMMAND_CHARS = 600
_NAME_CHARS = 120

_SHELLS = "bash|cmd|cscript|mshta|powershell|powershell_ise|pwsh|regsvr32|rundll32|wscript"
_SERVERS = (
    "w3wp|umworkerprocess|umservice|edgetransport|msexchange[a-z]{1,40}|"
    "microsoft\\.exchange\\.[a-z.]{1,60}|oabgen|store|store\\.worker"
)
_PARENT = r'(?i:"Parent(?:Image|ProcessName)":"'
_WORTH = re.compile(
    rf'{_PARENT}(?:[^"]{{0,400}}\\)?(?:{_SHELLS}|{_SERVERS})\.exe")'
    rf'|{_PARENT}(?![a-z]:\\\\(?:windows|program files(?: \(x86\))?)\\)(?!-?")[^"])'
    rf'|(?i:"(?:Image|NewProcessName)":"(?:[^"]{{0,400}}\\)?(?:{_SHELLS})\.exe")'
)
_NO_PARENT_NAME = re.compile(r'"ParentProcessName":"[^"-]')
"""Windows before 10 and Server 2016 writes no name of the parent into 4688: then all are kept."""


def is_process_creation(event: EventType) -> bool:
    """Whether records of this type say that a process was started (Sysmon 1, Security 4688)."""
    if event.event_id == 1:
        return event.channel.casefold() == "microsoft-windows-sysmon/operational"
    return event.event_id == 4688 and event.channel.casefold() == "security"


def started(batch: TextBatch) -> Iterator[tuple[int, Started]]:
    """Index and content of each process creation of a batch that is worth to keep."""
    wanted = {event for event in set(batch.types) if is_process_creation(event)}
    if not wanted:
        return
    for index, event in enumerate(batch.types):
        if event not in wanted or not _is_worth(event, batch.texts[index]):
            continue
        try:
            fields = batch.fields(index)
        except ValueError:
            continue  # the rules' matching reports it
        one = _of(fields, event.event_id == 1, batch.time(index), batch.server(index))
        if one is not None:
            yield index, one


def _is_worth(event: EventType, text: str) -> bool:
    if event.event_id == 4688 and _NO_PARENT_NAME.search(text) is None:
        return True
    return _WORTH.search(text) is not None


def _of(
    fields: Mapping[str, object], is_sysmon: bool, time: int | None, server: str
) -> Started | None:
    pid = _number(fields.get("ProcessId" if is_sysmon else "NewProcessId"))
    parent_pid = _number(fields.get("ParentProcessId" if is_sysmon else "ProcessId"))
    if time is None or pid is None:
        return None
    user = _text(fields, "User", _NAME_CHARS)
    if not is_sysmon:
        user = _security_user(fields)
    return Started(
        server=server,
        time=time,
        is_sysmon=is_sysmon,
        guid=_text(fields, "ProcessGuid", 64).upper() if is_sysmon else "",
        parent_guid=_text(fields, "ParentProcessGuid", 64).upper() if is_sysmon else "",
        pid=pid,
        parent_pid=parent_pid,
        image=_text(fields, "Image" if is_sysmon else "NewProcessName", _PATH_CHARS),
        command_line=_text(fields, "CommandLine", _COMMAND_CHARS),
        user=user,
        parent_image=_text(
            fields, "ParentImage" if is_sysmon else "ParentProcessName", _PATH_CHARS
        ),
        parent_command_line=_text(fields, "ParentCommandLine", _COMMAND_CHARS),
    )


def _security_user(fields: Mapping[str, object]) -> str:
    """The account that the process runs as; the one that started it where none is named."""
    for role in ("Target", "Subject"):
        name = _text(fields, f"{role}UserName", _NAME_CHARS)
        if name not in ("", "-"):
            domain = _text(fields, f"{role}DomainName", _NAME_CHARS)
            return f"{domain}\\{name}" if domain not in ("", "-") else name
    return ""


def _text(fields: Mapping[str, object], name: str, limit: int) -> str:
    value = fields.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)[:limit]


def _number(value: object) -> int | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or len(value) > 20 or not value.isascii():
        return None
    try:
        return int(value, 16) if value.lower().startswith("0x") else int(value)
    except ValueError:
        return None
