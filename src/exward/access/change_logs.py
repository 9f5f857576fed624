"""Reads changes from a log of any format that `exward scan` reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from exward.access import cmdlet_changes, security_changes
from exward.access.changes import Change, RightChange
from exward.access.facts import Place
from exward.formats import registry
from exward.model.records import EventType, LineBatch, Part, TextBatch
from exward.model.skipped import Skipped
from exward.model.source import Source

_SECURITY = "security"


class Telling(NamedTuple):
    """Says once of a log that changes would stand in it: no change is news then."""

    source: str


def of_log(source: Source) -> Iterator[Change | RightChange | Telling | Skipped]:
    """Yield the changes that a log shows; nothing if the file is no log that can show any."""
    told, lists = False, security_changes.AccessLists()
    form = registry.identify(source.head)
    if form is None:
        return
    for batch in form.read(source, Part()):
        if isinstance(batch, LineBatch) and not cmdlet_changes.may_show(batch.type):
            return  # a log of one kind: of requests, of mail
        if isinstance(batch, Skipped):
            yield batch
            continue
        if not told and _is_telling(batch):
            told = True
            yield Telling(source.path)
        yield from _of_batch(batch, lists)


def _is_telling(batch: TextBatch | LineBatch) -> bool:
    types = {batch.type} if isinstance(batch, LineBatch) else set(batch.types)
    return any(cmdlet_changes.may_show(one) or one.channel.casefold() == _SECURITY for one in types)


def _of_batch(
    batch: TextBatch | LineBatch, lists: security_changes.AccessLists
) -> Iterator[Change | RightChange | Skipped]:
    for index in range(len(batch)):
        type = batch.type if isinstance(batch, LineBatch) else batch.types[index]
        if not _may_show(type, batch, index):
            continue
        try:
            fields = batch.fields(index)
        except ValueError as error:
            yield Skipped(batch.source, batch.position(index), str(error), 1)
            continue
        place, time = Place(batch.source, batch.position(index)), batch.time(index)
        if cmdlet_changes.may_show(type):
            yield from cmdlet_changes.of_record(fields, time, place)
        else:
            yield from security_changes.of_record(fields, time, place, batch.server(index), lists)


def _may_show(type: EventType, batch: TextBatch | LineBatch, index: int) -> bool:
    """Whether a record is worth decoding; of cmdlets most only read."""
    if not cmdlet_changes.may_show(type):
        return security_changes.may_show(type)
    text = batch.texts[index] if isinstance(batch, TextBatch) else batch.text(index)[0]
    return cmdlet_changes.is_named(text)
