"""The manifest of a collection: which areas on people it says could not be collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exward.access.areas import registry
from exward.access.exports.properties import Properties, listed
from exward.access.facts import Fact
from exward.formats import collected
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "collected-manifest"
TITLE = "Manifest of a collection"


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return collected.is_manifest(head)


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield what was not collected of the areas that are read here."""
    manifest = collected.read_manifest(source)
    for one in listed(manifest.get("not_collected")):
        if not isinstance(one, Mapping):
            continue
        row = Properties(one)
        area = row.text("what").rpartition("/")[2].removesuffix(".json")
        if area.casefold() in registry.readers():
            yield Skipped(source.path, None, f"not collected: {area}: {row.text('why')}")
