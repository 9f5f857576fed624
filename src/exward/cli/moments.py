"""Points in time on the command line: ISO dates and times, UTC unless they carry an offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import click

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(click.ParamType[int]):
    """An ISO date or time as µs since 1970-01-01 UTC; a bare date is the day's start or end."""

    name = "time"

    def __init__(self, *, end_of_day: bool) -> None:
        self.end_of_day = end_of_day

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read the text; raises BadParameter if it is no time."""
        if isinstance(value, int):
            return value
        text = str(value)
        try:
            moment = _read(text, end_of_day=self.end_of_day)
            return (moment - _EPOCH) // _MICROSECOND
        except (ValueError, OverflowError):
            self.fail(
                f"{text!r} is no time: write 2026-01-05, 2026-01-05T14:30 (UTC) "
                "or 2026-01-05T14:30+01:00",
                param,
                ctx,
            )


def _read(text: str, *, end_of_day: bool) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        aware = moment.tzinfo is not None
        return moment.astimezone(UTC) if aware else moment.replace(tzinfo=UTC)
    return datetime.combine(day, time.max if end_of_day else time.min, tzinfo=UTC)
