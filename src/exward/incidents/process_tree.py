"""The process tree behind an incident: who started whom, up to the application pool.

Processes are found by what findings are about (ProcessGuid; process id and time), then their
ancestors, then what they started while the incident lasted. Sysmon's records name a process by a
GUID; Security 4688 has the process id only, which Windows gives out again: there the parent is the
last process of that id before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from exward.model.finding import Evidence, Finding
from exward.model.incident import Incident, Process

MAX_PROCESSES = 200
MARGIN = 600_000_000
"""µs around an incident in which its processes' other children are shown."""
NEAR = 2_000_000
"""µs between the two records of one process start, in Sysmon and in Security."""

_POOL = re.compile(r'\s-ap\s+"([^"]{1,120})"')
"""IIS gives its worker process the application pool as `-ap "name"`."""
_GATHERS = re.compile(
    r"(?i)(?:^|[\\/])(?:w3wp|umworkerprocess|edgetransport|msexchange[a-z]{1,40}|cmd|powershell|"
    r"pwsh|wscript|cscript|mshta|rundll32)\.exe$"
)
"""Programs all of whose children of that time are shown; those of services.exe are not."""
_GUID_FIELDS = ("ProcessGuid", "SourceProcessGUID", "SourceProcessGuid")
_NONE = frozenset({"", "{00000000-0000-0000-0000-000000000000}"})


class Started(msgspec.Struct, frozen=True):
    """One process creation; times in µs UTC, texts cut, guid "" in Security's records."""

    server: str
    time: int
    is_sysmon: bool
    guid: str
    parent_guid: str
    pid: int
    parent_pid: int | None
    image: str
    command_line: str
    user: str
    parent_image: str
    parent_command_line: str


@dataclass(slots=True)
class _Host:
    """The processes of one server, by id."""

    known: dict[str, Process]
    children: dict[str, list[str]]
    by_pid: dict[int, list[tuple[int, str]]]
    """Process id → (time, id), in order of time."""

    def at(self, pid: int, time: int, slack: int = 0) -> str:
        """The process that had this process id at that time; "" if none is known."""
        starts = self.by_pid.get(pid, ())
        place = bisect_right(starts, time + slack, key=lambda start: start[0])
        return starts[place - 1][1] if place else ""


def attach(
    incidents: Iterable[Incident], findings: Iterable[Finding], started: Iterable[Started]
) -> tuple[Incident, ...]:
    """Give each incident its processes, parents before children, then by time."""
    held = {finding.id: finding for finding in findings}
    by_server: defaultdict[str, list[Started]] = defaultdict(list)
    for one in started:
        by_server[_name(one.server)].append(one)
    hosts = {server: _host(rows) for server, rows in by_server.items()}
    return tuple(_attached(incident, held, hosts) for incident in incidents)


def _name(server: str) -> str:
    return server.partition(".")[0].casefold()


def _host(rows: Sequence[Started]) -> _Host:
    chosen = [one for one in rows if one.is_sysmon] or list(rows)
    chosen.sort(key=lambda one: (one.time, one.pid, one.guid, one.image))
    host = _Host({}, {}, {})
    for one in chosen:
        identity = one.guid or f"{one.pid}@{one.time}"
        if identity in host.known:
            continue
        parent = _parent(host, one)
        host.known[identity] = Process(
            id=identity,
            parent=parent,
            server=one.server,
            time=one.time,
            image=one.image,
            command_line=one.command_line,
            user=one.user,
            pool=_pool(one.image, one.command_line),
            pid=one.pid,
        )
        host.children.setdefault(parent, []).append(identity)
        host.by_pid.setdefault(one.pid, []).append((one.time, identity))
    return host


def _parent(host: _Host, one: Started) -> str:
    """The id of the parent, which is made up from what the child says if it has no record."""
    identity = "" if one.parent_guid in _NONE else one.parent_guid
    if not identity and one.parent_pid is not None:
        identity = (
            host.at(one.parent_pid, one.time) or f"{one.parent_pid}@{one.parent_image.casefold()}"
        )
    if identity and identity not in host.known:
        host.known[identity] = Process(
            id=identity,
            parent="",
            server=one.server,
            time=None,
            image=one.parent_image,
            command_line=one.parent_command_line,
            user="",
            pool=_pool(one.parent_image, one.parent_command_line),
            pid=one.parent_pid,
        )
    return identity


def _pool(image: str, command_line: str) -> str:
    match = _POOL.search(command_line)
    return match[1] if match and image.casefold().endswith("w3wp.exe") else ""


def _attached(
    incident: Incident, held: Mapping[str, Finding], hosts: Mapping[str, _Host]
) -> Incident:
    about: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name in dict.fromkeys(found for step in incident.steps for found in step.findings):
        finding = held.get(name)
        host = hosts.get(_name(finding.server)) if finding else None
        if finding is None or host is None:
            continue
        for place in finding.evidence:
            identity = _process_of(place, host)
            if identity:
                about[_name(finding.server), identity].add(name)
    chosen = _chosen(incident, about, hosts)
    return replace(incident, processes=_ordered(chosen, about, hosts))


def _process_of(place: Evidence, host: _Host) -> str:
    """The process that a record is about: by GUID, else by process id and time."""
    for field in _GUID_FIELDS:
        guid = place.fields.get(field, "")[:64].strip().upper()
        if guid in host.known:
            return guid
    pid = _number(place.fields.get("NewProcessId", ""))
    if pid is None or place.time is None:
        return ""
    identity = host.at(pid, place.time, NEAR)
    start = host.known[identity].time if identity else None
    return identity if start is not None and abs(start - place.time) <= NEAR else ""


def _number(text: str) -> int | None:
    try:
        return int(text[:20], 0)
    except ValueError:
        return None


_Key = tuple[str, str]
"""(server, process id of the tree)."""


def _chosen(
    incident: Incident, about: Iterable[_Key], hosts: Mapping[str, _Host]
) -> dict[_Key, None]:
    """What findings are about first, then ancestors, then children; as many as are shown."""
    seeds = sorted(about, key=lambda key: _order(hosts[key[0]].known[key[1]]))
    chosen: dict[_Key, None] = dict.fromkeys(seeds[:MAX_PROCESSES])
    for server, identity in list(chosen):
        for ancestor in _ancestors(hosts[server], identity):
            if len(chosen) < MAX_PROCESSES:
                chosen.setdefault((server, ancestor))
    waiting = list(chosen)
    while waiting and len(chosen) < MAX_PROCESSES:
        server, identity = waiting.pop(0)
        host = hosts[server]
        if not _GATHERS.search(host.known[identity].image) and (server, identity) not in about:
            continue
        for child in host.children.get(identity, ()):
            key = (server, child)
            if (
                len(chosen) < MAX_PROCESSES
                and key not in chosen
                and _in_time(host, child, incident)
            ):
                chosen[key] = None
                waiting.append(key)
    return chosen


def _ancestors(host: _Host, identity: str) -> list[str]:
    seen = {identity}
    found: list[str] = []
    while (identity := host.known[identity].parent) and identity not in seen:
        seen.add(identity)
        found.append(identity)
    return found


def _in_time(host: _Host, identity: str, incident: Incident) -> bool:
    time = host.known[identity].time
    if time is None or incident.first is None or incident.last is None:
        return True
    return incident.first - MARGIN <= time <= incident.last + MARGIN


def _ordered(
    chosen: Iterable[_Key], about: Mapping[_Key, set[str]], hosts: Mapping[str, _Host]
) -> tuple[Process, ...]:
    """Parents before children, then by time; ids are unique in the incident."""
    keys = set(chosen)
    below: defaultdict[_Key | None, list[_Key]] = defaultdict(list)
    for key in sorted(keys, key=lambda one: (one[0], _order(hosts[one[0]].known[one[1]]))):
        above = (key[0], hosts[key[0]].known[key[1]].parent)
        below[above if above in keys else None].append(key)
    placed: dict[_Key, None] = {}
    # Whoever writes GUIDs can write a circle of parents, which hangs on no root.
    for start in (*below[None], *sorted(keys)):
        waiting = [start]
        while waiting:
            key = waiting.pop(0)
            if key not in placed:
                placed[key] = None
                waiting += below.get(key, ())
    return tuple(_shown(key, keys, hosts[key[0]], about) for key in placed)


def _shown(key: _Key, keys: set[_Key], host: _Host, about: Mapping[_Key, set[str]]) -> Process:
    server, identity = key
    process = host.known[identity]
    return replace(
        process,
        id=f"{server}/{identity}",
        parent=f"{server}/{process.parent}" if (server, process.parent) in keys else "",
        findings=tuple(sorted(about.get(key, ()))),
    )


def _order(process: Process) -> tuple[int, str]:
    return (-1 if process.time is None else process.time, process.id)
