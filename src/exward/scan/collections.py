"""Collections (docs/collector.md): whether what the manifest promises is there, unchanged.

What differs, is missing or was added is told; it is read all the same.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from exward.formats.whole_file import json_of
from exward.incidents.addresses import parse_address
from exward.incidents.attribution import host_key
from exward.model.coverage import SourceCoverage
from exward.model.errors import EvidenceError
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import collected_manifest
from exward.posture.row import Row, rows
from exward.scan.tasks import CHECK, Task

MAX_NAMED = 100
"""Losses of one collection that are named one by one."""
_MANIFEST = "manifest.json"
_PART = re.compile(r"(?:^|[!/])(?:inventory/(?:cmdlets/)?[^/!]+\.json|files/[A-Z]/.+)$")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_part(path: str, head: bytes) -> bool:
    """Say whether the file may be part of a collection, so that its bytes are wanted."""
    slashed = path.replace("\\", "/")
    if slashed.endswith(_MANIFEST):
        return collected_manifest.recognises(path, head)
    return _PART.search(slashed) is not None


@dataclass(slots=True)
class Collections:
    """What was found of collections while looking for evidence."""

    manifests: dict[str, Source] = field(default_factory=dict)
    """By the path of the collection, with its last separator."""
    parts: dict[str, Source] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Files that were containers: their members are evidence, they themselves are not."""
    servers: dict[str, str] = field(default_factory=dict)
    """By the path of the collection, once its manifest was read: whose it is."""

    def note(self, source: Source) -> None:
        """Keep a file that may be part of a collection."""
        path = source.path.replace("\\", "/")
        if not is_part(path, source.head):
            return
        if path.endswith(_MANIFEST):
            self.manifests[path.removesuffix(_MANIFEST)] = source
            return
        self.parts[path] = light = copy.copy(source)
        light.head = b""
        for at in (at for at, sign in enumerate(path) if sign == "!"):
            self.opened.add(path[:at])

    def checks(self) -> Iterator[Task | Skipped]:
        """What is left to do: a task for each file that has to be compared; and what is missing."""
        added = dict.fromkeys(self.manifests, 0)
        listed: set[str] = set()
        for root, manifest in sorted(self.manifests.items()):
            yield from self._promised(root, manifest, listed)
        for path in self.parts:
            owner = next((one for one in _roots(path) if one in added), None)
            if owner is not None and path not in listed and not _is_inside(path, self.opened):
                added[owner] += 1
        for root, count in sorted(added.items()):
            if count:
                reason = f"{count} files are not in the manifest: added after it was collected"
                yield Skipped(root + _MANIFEST, None, reason)

    def named(self, rows: Iterable[SourceCoverage]) -> tuple[SourceCoverage, ...]:
        """The rows; one whose log names no host has the server of the collection it lies in."""
        return tuple(replace(row, server=self._server_of(row)) for row in rows)

    def _server_of(self, row: SourceCoverage) -> str:
        if (key := host_key(row.server)) and parse_address(key) is None:
            return row.server
        roots = _roots(row.source.replace("\\", "/"))
        return next((self.servers[root] for root in roots if self.servers.get(root)), row.server)

    def _promised(self, root: str, manifest: Source, listed: set[str]) -> Iterator[Task | Skipped]:
        try:
            document = json_of(manifest)
        except (EvidenceError, OSError) as error:
            yield Skipped(manifest.path, None, f"the collection cannot be compared: {error}")
            return
        promised = Row(document if isinstance(document, dict) else {})
        self.servers[root] = promised.text("server") or ""
        yield from _limited(root, _uncollected(root, promised))
        missing: list[Skipped] = []
        for entry in rows(promised.raw("files")):
            name, digest = entry.text("path") or "", (entry.text("sha256") or "").lower()
            listed.add(path := root + name)
            source = self.parts.get(path)
            if source is None:
                if path not in self.opened:
                    reason = "is missing: the collection's manifest has it"
                    missing.append(Skipped(path, None, reason))
            elif not _SHA256.fullmatch(digest):
                missing.append(Skipped(path, None, "has no SHA-256 in the collection's manifest"))
            else:
                yield Task(source, CHECK, Part(0, 1), source.size_bytes or 0, digest)
        yield from _limited(root, missing)


def _uncollected(root: str, promised: Row) -> list[Skipped]:
    """What the collector could not copy; of the inventory the areas themselves tell."""
    return [
        Skipped(root + what, None, f"was not collected: {row.text('why') or 'no reason given'}")
        for row in rows(promised.raw("not_collected"))
        if (what := row.text("what") or "").startswith("files/")
    ]


def _limited(root: str, losses: list[Skipped]) -> Iterator[Skipped]:
    yield from losses[:MAX_NAMED]
    if (more := len(losses) - MAX_NAMED) > 0:
        yield Skipped(root + _MANIFEST, None, f"{more} more files are missing", more)


def _roots(path: str) -> Iterator[str]:
    """The collections that a file may be of, the nearest first."""
    for at in range(len(path) - 1, -1, -1):
        if path[at] in "!/":
            yield path[: at + 1]
    yield ""


def _is_inside(path: str, opened: set[str]) -> bool:
    """Whether the file is a member of a container that lies in the collection."""
    return any(
        path[:at] in opened and _PART.search(path[:at])
        for at, sign in enumerate(path)
        if sign == "!"
    )
