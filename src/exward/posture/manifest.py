"""Collections (docs/collector.md): whether what the manifest promises is there, unchanged.

What differs, is missing or was added is told; it is read all the same.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from exward.formats.whole_file import json_of
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import collected_manifest
from exward.posture.row import Row, rows

MAX_NAMED = 100
"""Losses of one collection that are named one by one."""
_BLOCK_BYTES = 1024 * 1024
_MANIFEST = "manifest.json"
_AREA = r"inventory/(?:cmdlets/)?[^/!]+\.json"
_INVENTORY = re.compile(rf"(?:^|[!/]){_AREA}$")
_PART = re.compile(rf"(?:^|[!/])(?:{_AREA}|files/[A-Z]/.+)$")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_part(path: str, head: bytes) -> bool:
    """Say whether the file may be part of a collection, so that its bytes are wanted."""
    slashed = path.replace("\\", "/")
    if slashed.endswith(_MANIFEST):
        return collected_manifest.recognises(path, head)
    return _PART.search(slashed) is not None


def is_area(path: str) -> bool:
    """Say whether a part of a collection is an area of the inventory, and no copied file."""
    return _INVENTORY.search(path) is not None


class Promise(NamedTuple):
    """A file that is there, and the SHA-256 that it should have."""

    source: Source
    digest: str


def difference(promise: Promise, advanced: Callable[[int], None]) -> Skipped | None:
    """Read the file and say whether it is another one; `advanced` is told how many bytes more."""
    path = promise.source.path
    digest = hashlib.sha256()
    try:
        with promise.source.open() as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
                advanced(len(block))
    except (OSError, EvidenceError) as error:
        return Skipped(path, None, f"cannot be read: {error}")
    if digest.hexdigest() == promise.digest:
        return None
    reason = "its SHA-256 is not that of the manifest: changed after it was collected"
    return Skipped(path, None, reason)


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

    def note(self, source: Source, *, with_head: bool = True) -> None:
        """Keep a file that may be part of a collection; heads of thousands fill the memory."""
        path = source.path.replace("\\", "/")
        if not is_part(path, source.head):
            return
        if path.endswith(_MANIFEST):
            self.manifests[path.removesuffix(_MANIFEST)] = source
            return
        self.parts[path] = source if with_head else _without_head(source)
        for at in (at for at, sign in enumerate(path) if sign == "!"):
            self.opened.add(path[:at])

    def compared(self, is_needed: Callable[[str], bool]) -> Iterator[Promise | Skipped]:
        """What has to be read for the comparison; and what is missing, or was added.

        Files that the manifest has are missing only if they are needed, by their path.
        """
        added = dict.fromkeys(self.manifests, 0)
        listed: set[str] = set()
        for root, manifest in sorted(self.manifests.items()):
            yield from self._promised(root, manifest, listed, is_needed)
        for path in self.parts:
            owner = next((one for one in roots(path) if one in added), None)
            if owner is not None and path not in listed and not _is_inside(path, self.opened):
                added[owner] += 1
        for root, count in sorted(added.items()):
            if count:
                reason = f"{count} files are not in the manifest: added after it was collected"
                yield Skipped(root + _MANIFEST, None, reason)

    def _promised(
        self, root: str, manifest: Source, listed: set[str], is_needed: Callable[[str], bool]
    ) -> Iterator[Promise | Skipped]:
        try:
            document = json_of(manifest)
        except (EvidenceError, OSError) as error:
            yield Skipped(manifest.path, None, f"the collection cannot be compared: {error}")
            return
        promised = Row(document if isinstance(document, dict) else {})
        self.servers[root] = promised.text("server") or ""
        yield from _limited(root, _uncollected(root, promised, is_needed))
        missing: list[Skipped] = []
        for entry in rows(promised.raw("files")):
            name, digest = entry.text("path") or "", (entry.text("sha256") or "").lower()
            listed.add(path := root + name)
            source = self.parts.get(path)
            if source is None:
                if path not in self.opened and is_needed(path):
                    reason = "is missing: the collection's manifest has it"
                    missing.append(Skipped(path, None, reason))
            elif not _SHA256.fullmatch(digest):
                missing.append(Skipped(path, None, "has no SHA-256 in the collection's manifest"))
            else:
                yield Promise(source, digest)
        yield from _limited(root, missing)


def roots(path: str) -> Iterator[str]:
    """The collections that a file may be of, the nearest first."""
    for at in range(len(path) - 1, -1, -1):
        if path[at] in "!/":
            yield path[: at + 1]
    yield ""


def _without_head(source: Source) -> Source:
    light = copy.copy(source)
    light.head = b""
    return light


def _uncollected(root: str, promised: Row, is_needed: Callable[[str], bool]) -> list[Skipped]:
    """What the collector could not copy; of the inventory the areas themselves tell."""
    return [
        Skipped(root + what, None, f"was not collected: {row.text('why') or 'no reason given'}")
        for row in rows(promised.raw("not_collected"))
        if (what := row.text("what") or "").startswith("files/") and is_needed(root + what)
    ]


def _limited(root: str, losses: Sequence[Skipped]) -> Iterator[Skipped]:
    yield from losses[:MAX_NAMED]
    if (more := len(losses) - MAX_NAMED) > 0:
        yield Skipped(root + _MANIFEST, None, f"{more} more files are missing", more)


def _is_inside(path: str, opened: set[str]) -> bool:
    """Whether the file is a member of a container that lies in the collection."""
    return any(
        path[:at] in opened and _PART.search(path[:at])
        for at, sign in enumerate(path)
        if sign == "!"
    )
