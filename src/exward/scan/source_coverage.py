"""What was read of each log of each evidence file, and where it falls silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exward.incidents import coverage
from exward.model.coverage import SourceCoverage
from exward.model.skipped import Skipped
from exward.scan.tally import Span

Key = tuple[str, str, str]
"""Evidence file, format, log."""


def source_coverage(
    spans: Mapping[Key, Span], sizes: Mapping[str, int], skipped: Iterable[Skipped]
) -> tuple[SourceCoverage, ...]:
    """A row for each log, in the order of the keys; `sizes` in bytes by evidence file."""
    lost: dict[str, int] = {}
    for loss in skipped:
        lost[loss.source] = lost.get(loss.source, 0) + max(1, loss.count)
    return tuple(
        SourceCoverage(
            source=source,
            format=form,
            log=log,
            server=max(sorted(span.servers), key=lambda name: span.servers[name], default=""),
            records=span.records,
            skipped=lost.get(source, 0),
            size_bytes=sizes.get(source, 0),
            first=span.first,
            last=span.last,
            gaps=coverage.gaps(span.hours),
        )
        for (source, form, log), span in sorted(spans.items())
    )
