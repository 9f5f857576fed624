"""What was read is counted exactly; times are sampled but no gap is missed."""

from __future__ import annotations

from collections.abc import Sequence

from exward.model.records import EventType
from exward.scan.tally import HOUR, Tally


class Batch:
    """Records with the given hours as times."""

    source = "f"
    size_bytes = 1

    def __init__(self, times: Sequence[int | None], types: list[EventType]) -> None:
        self._times = times
        self.types = types
        self.texts = [""] * len(times)

    def __len__(self) -> int:
        return len(self._times)

    def time(self, index: int) -> int | None:
        return self._times[index]

    def server(self, index: int) -> str:
        return "EX01"

    def position(self, index: int) -> int:
        return index

    def fields(self, index: int) -> dict[str, object]:
        return {}


SECURITY = EventType("windows", "Security", 4624, "p")
SYSTEM = EventType("windows", "System", 7045, "p")


def test_first_last_and_the_silence_between_are_exact() -> None:
    times = [n * 1_000_000 for n in range(200)] + [5 * HOUR + n for n in range(100)]
    tally = Tally()
    tally.texts(Batch(times, [SECURITY] * 300))
    span = tally.spans["Security"]
    assert (span.records, span.first, span.last) == (300, 0, 5 * HOUR + 99)
    assert set(span.hours) == {0, 5}
    assert span.servers == {"EX01": 900}


def test_channels_of_one_batch_are_told_apart() -> None:
    tally = Tally()
    tally.texts(Batch([1, None, 3], [SECURITY, SYSTEM, SECURITY]))
    assert {log: span.records for log, span in tally.spans.items()} == {"Security": 2, "System": 1}
    assert tally.spans["System"].first is None
    assert tally.events == {SECURITY: 2, SYSTEM: 1}


def test_spans_of_two_workers_join() -> None:
    one, two = Tally(), Tally()
    one.texts(Batch([5, 6], [SECURITY] * 2))
    two.texts(Batch([1], [SECURITY]))
    span = one.spans["Security"]
    span.merge(two.spans["Security"])
    assert (span.records, span.first, span.last) == (3, 1, 6)
