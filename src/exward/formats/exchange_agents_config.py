"""Exchange's files of transport agents: agents.config, fetagents.config.

Elements as Microsoft documents them ("Agents configuration file elements for Exchange 2013"); each
agent becomes the object that `Get-TransportAgent` gives, in the order of its priority, and besides
`BaseType`, `File` and `Folder`. Positions are line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from exward.formats import exchange_objects, iis_config, record_batch, text_encoding, xml_tokens
from exward.formats.record_batch import Counted, Losses, Record, RecordBatch
from exward.formats.xml_tokens import Kind
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-agents-config"
TITLE = "Exchange transport agents (agents.config)"

_RUNTIME = re.compile(rb"<mexRuntime[\s>]")
_NAMES = {
    "name": "Identity",
    "enabled": "Enabled",
    "classFactory": "TransportAgentFactory",
    "assemblyPath": "AssemblyPath",
    "baseType": "BaseType",
}


def recognises(head: bytes) -> bool:
    """Say whether this is a configuration of the runtime that agents run in."""
    return iis_config.recognises(head) and bool(_RUNTIME.search(text_encoding.utf8_head(head)))


def parts(source: Source, workers: int) -> int:
    """Read in one piece: the file is small."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the agents in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, "tags cannot be read")
    *folder, name = re.split(r"[/\\!]", source.path)
    place = {"File": name, "Folder": "\\".join(folder)}
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        yield from record_batch.batches(source.path, _steps(blocks, place, losses), losses)


def _steps(
    blocks: Iterable[bytes], place: Mapping[str, str], losses: Losses
) -> Iterator[tuple[Iterable[Record], int]]:
    counted = Counted()
    priority = 0
    for token in xml_tokens.tokens(counted.blocks(blocks)):
        if token.kind is Kind.BROKEN:
            losses.broken(token.line, token.value)
        elif token.kind is Kind.START and token.value == "agent":
            priority += 1
            agent = {_NAMES.get(name, name): value for name, value in token.attributes.items()}
            whole = {"TransportAgentFactory": "", "AssemblyPath": "", **agent}
            entry = {**whole, "Priority": str(priority), **place}
            yield exchange_objects.records([(token.line, entry, "")], losses), counted.taken()
    yield (), counted.taken()
