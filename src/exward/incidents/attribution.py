"""One name per host, although each log names it in its own way.

Windows writes `EX01.contoso.example` (or `EX01`), IIS a bare name, an address or nothing. Names
are joined when they can only mean one machine; where two machines are possible they stay apart.
What a collection is, is told from the evidence path: folders, and archives before `!`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exward.incidents.addresses import is_anywhere, parse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from exward.model.coverage import SourceCoverage
    from exward.model.finding import Finding

UNKNOWN_HOST = "unknown host"
"""Name of the server for evidence that no log ties to a host."""

FORWARDED = "forwardedevents"
"""Windows channel that holds the records of other hosts."""

MAX_FOLDERS = 64
"""Enclosing folders that are looked at, innermost first: evidence paths are hostile."""

_SEPARATORS = re.compile(r"[/\\!]+")
_DRIVE = re.compile(r"[A-Za-z]:")

Place = tuple[str, str]
"""A host's key (see `host_key`) and the evidence path or folder in which it occurs."""
Seen = dict[str, set[str]]
"""Folder or archive -> the host keys that occur in the evidence below it."""


@dataclass(frozen=True, slots=True)
class _Hosts:
    """The names that occur in one run and where."""

    spelling: dict[str, str]
    """Host key -> the name to show."""
    full_names: Seen
    """Names with a domain; under "*" + label those of the whole run."""
    hosts: Seen
    """Hosts whose own logs were collected, by their name as full as known."""
    addresses: Seen
    renamed: dict[Place, str]
    """A name that the other logs of the folder replace later, and the name that replaces it."""


def attribute(
    findings: Iterable[Finding], coverage: Iterable[SourceCoverage]
) -> tuple[tuple[Finding, ...], tuple[SourceCoverage, ...]]:
    """Give every finding and every coverage row the one name of its server, in the same order.

    A bare name joins the only full name that begins with it (in the nearest folder or archive,
    if several do); full names of different domains stay apart. A name that another replaces for
    good inside one folder of logs is the same host under its former name. An address, or no name,
    belongs to the one named host of the nearest enclosing folder or archive that holds any.
    Otherwise an address stays, a loopback address or no name joins the only address there, and
    what is left is `unknown host`. Ids do not change.
    """
    rows, found = tuple(coverage), tuple(findings)
    hosts = _hosts(rows, found)
    return (
        tuple(replace(finding, server=_of_finding(hosts, finding)) for finding in found),
        tuple(replace(row, server=_resolve(hosts, row.server, row.source)) for row in rows),
    )


_END = re.compile(r"[.\s]+\Z")


def host_key(name: str) -> str:
    """`name` as it is compared: lower case; addresses in shortest form; "" if it names no host."""
    text = _bare(name)
    address = parse_address(text)
    if address is not None:
        return "" if is_anywhere(address) else str(address)
    return "" if text in {"-", "localhost"} else text.casefold()


def _bare(name: str) -> str:
    """Without blanks around it, and without the dots that end a full name."""
    return _END.sub("", name.strip())


def servers_around(coverage: Iterable[SourceCoverage]) -> Callable[[str], tuple[str, ...]]:
    """Make a function from an evidence path to the servers of the nearest folder that has any.

    `coverage` is attributed already. For files that say nothing of their host themselves.
    """
    seen = _by_folder((row.server, row.source) for row in coverage)
    return lambda path: tuple(sorted(_nearest(seen, path)))


def _hosts(rows: Sequence[SourceCoverage], findings: Sequence[Finding]) -> _Hosts:
    raw = {(row.server, row.source) for row in rows}
    raw |= {(finding.server, path) for finding in findings for path in _files(finding)}
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for name, _ in raw:
        spellings[host_key(name)].add(_bare(name))
    places = {(host_key(name), path) for name, path in raw} - {("", path) for _, path in raw}
    named = {place for place in places if parse_address(place[0]) is None}
    full_names = _by_folder(place for place in named if "." in place[0])
    for key, _ in named:
        if "." in key:
            full_names.setdefault("*" + key.partition(".")[0], set()).add(key)
    collected = [row for row in rows if row.log.casefold() != FORWARDED and _is_named(row)]
    renamed = _renamed(collected)
    return _Hosts(
        spelling={
            key: min(names) if parse_address(key) is None else key
            for key, names in spellings.items()
        },
        full_names=full_names,
        hosts=_by_folder(
            (
                _full(full_names, _present(renamed, host_key(row.server), row.source), row.source),
                row.source,
            )
            for row in collected
        ),
        addresses=_by_folder(places - named),
        renamed=renamed,
    )


def _resolve(hosts: _Hosts, raw: str, path: str) -> str:
    """The one name of the host that `raw` means in evidence that lies at `path`."""
    key = host_key(raw)
    if key and parse_address(key) is None:
        key = _present(hosts.renamed, key, path)
        return hosts.spelling[_full(hosts.full_names, key, path)]
    named = _nearest(hosts.hosts, path)
    if len(named) == 1:
        return hosts.spelling[min(named)]
    addresses = _nearest(hosts.addresses, path)
    if not key and not named and len(addresses) == 1:
        return hosts.spelling[min(addresses)]
    return hosts.spelling[key] if key else UNKNOWN_HOST


def _full(full_names: Seen, key: str, path: str) -> str:
    """The key of the full name that the bare name `key` stands for, else `key` itself."""
    candidates = full_names.get("*" + key, set())
    if len(candidates) > 1:
        near = (full_names.get(folder, set()) & candidates for folder in _enclosing(path))
        candidates = next(filter(None, near), candidates)
    return min(candidates) if len(candidates) == 1 else key


def _renamed(rows: Iterable[SourceCoverage]) -> dict[Place, str]:
    """Former names: in one folder of logs, all logs under one name end before the others begin.

    A renamed server keeps its rarely written logs under the old name. Two servers whose logs lie
    in one folder would both have some of the same logs.
    """
    folders: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in rows:
        if row.first is not None:  # a snapshot ends and begins nowhere
            folders[_folder(row.source)].append(row)
    renamed: dict[Place, str] = {}
    for folder, inside in folders.items():
        names = {host_key(row.server) for row in inside}
        if len(names) < 2:
            continue
        present = host_key(max(inside, key=_last_time).server)
        current = [row for row in inside if host_key(row.server) == present]
        former = [row for row in inside if host_key(row.server) != present]
        ends = max(map(_last_time, former))[0]
        begins = min(row.first for row in current if row.first is not None)
        if ends <= begins and not {row.log for row in former} & {row.log for row in current}:
            renamed.update({(host_key(row.server), folder): present for row in former})
    return renamed


def _present(renamed: dict[Place, str], key: str, path: str) -> str:
    return renamed.get((key, _folder(path)), key)


def _last_time(row: SourceCoverage) -> tuple[int, str]:
    return (0 if row.last is None else row.last, host_key(row.server))


def _is_named(row: SourceCoverage) -> bool:
    key = host_key(row.server)
    return bool(key) and parse_address(key) is None


def _of_finding(hosts: _Hosts, finding: Finding) -> str:
    names = {_resolve(hosts, finding.server, path) for path in _files(finding)}
    if len(names) == 1:
        return names.pop()
    key = host_key(finding.server)
    return hosts.spelling[key] if key else UNKNOWN_HOST


def _files(finding: Finding) -> tuple[str, ...]:
    """The evidence files of a finding, each once; one empty path if it has none."""
    return tuple(sorted({place.file for place in finding.evidence})) or ("",)


def _by_folder(places: Iterable[Place]) -> Seen:
    folders: defaultdict[str, set[str]] = defaultdict(set)
    for key, path in places:
        for folder in _enclosing(path):
            folders[folder].add(key)
    return dict(folders)


def _nearest(seen: Seen, path: str) -> set[str]:
    """The names in the innermost folder or archive around `path` that holds any."""
    return next((seen[folder] for folder in _enclosing(path) if folder in seen), set())


def _folder(path: str) -> str:
    return next((folder for folder in _enclosing(path) if folder != path), "")


def _enclosing(path: str) -> list[str]:
    """The file, then the folders and archives around it, innermost first.

    The root of a file system or drive is no collection: everything lies below it. The empty
    name stands for the folder against which relative paths were given.
    """
    ends = [match.start() for match in _SEPARATORS.finditer(path)][-MAX_FOLDERS:]
    folders = [path, *(path[:end] for end in reversed(ends) if end)]
    if not path.startswith(("/", "\\")) and not _DRIVE.match(path):
        folders.append("")
    return [folder for folder in folders if not _DRIVE.fullmatch(folder)]
