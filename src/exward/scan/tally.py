"""Counting what was read: records, times and servers per source and log."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec

from exward.model.records import EventType, LineBatch, TextBatch

SAMPLE = 64
"""Every so many records the time is read; between two that lie far apart, each."""
HOUR = 3_600_000_000


class Span(msgspec.Struct):
    """One log of one evidence file, as one worker saw it. Times are µs UTC."""

    records: int = 0
    first: int | None = None
    last: int | None = None
    servers: dict[str, int] = {}
    hours: dict[int, int] = {}
    """Hour since 1970 → about how many records."""

    def at(self, time: int | None, weight: int) -> None:
        """Note the time of a record that stands for `weight` records."""
        if time is None:
            return
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)
        hour = time // HOUR
        self.hours[hour] = max(1, self.hours.get(hour, 0) + weight)

    def merge(self, other: Span) -> None:
        """Take in what another worker saw of the same log."""
        self.records += other.records
        for time in (other.first, other.last):
            if time is not None:
                self.at(time, 0)
        for hour, count in other.hours.items():
            self.hours[hour] = self.hours.get(hour, 0) + count
        for server, count in other.servers.items():
            self.servers[server] = self.servers.get(server, 0) + count


class Tally:
    """Spans by (format, log) of one evidence file, and which event types occurred."""

    def __init__(self) -> None:
        self.spans: dict[str, Span] = {}
        self.events: Counter[EventType] = Counter()

    def texts(self, batch: TextBatch) -> None:
        """Count a batch of records that are one text each."""
        self.events.update(batch.types)
        channels = {_log(event) for event in set(batch.types)}
        if len(channels) == 1:
            self._span(batch, channels.pop(), range(len(batch)))
            return
        chosen: dict[str, list[int]] = defaultdict(list)
        for index, event in enumerate(batch.types):
            chosen[_log(event)].append(index)
        for channel in sorted(chosen):
            self._span(batch, channel, chosen[channel])

    def lines(self, batch: LineBatch) -> None:
        """Count a block of lines."""
        self.events[batch.type] += len(batch)
        self._span(batch, batch.type.log, range(len(batch)))

    def _span(self, batch: TextBatch | LineBatch, log: str, chosen: range | list[int]) -> None:
        if not chosen:
            return
        span = self.spans.setdefault(log, Span(servers={}, hours={}))
        span.records += len(chosen)
        for index, weight in _sampled(batch, chosen):
            span.at(batch.time(index), weight)
        for index in {chosen[0], chosen[len(chosen) // 2], chosen[-1]}:
            server = batch.server(index)
            span.servers[server] = span.servers.get(server, 0) + len(chosen)


def _log(event: EventType) -> str:
    """What the log is called: of Windows events the channel."""
    return event.channel if event.log == "windows" else event.log


def _sampled(batch: TextBatch | LineBatch, chosen: range | list[int]) -> Iterator[tuple[int, int]]:
    """Records whose time is worth reading, with how many each stands for."""
    before: int | None = None
    for start in range(0, len(chosen), SAMPLE):
        time = batch.time(chosen[start])
        far = before is not None and time is not None and abs(time - before) > HOUR
        if far:
            yield from ((index, 0) for index in chosen[start - SAMPLE : start])
        yield chosen[start], min(SAMPLE, len(chosen) - start)
        before = time
    last = len(chosen) - 1
    yield from ((chosen[i], 0) for i in range(last - last % SAMPLE, last + 1))
