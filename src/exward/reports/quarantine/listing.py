"""Held messages and the audit trail, as a table for the terminal or as JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

from exward.model.quarantine import SCHEMA, Deed, Kept
from exward.reports.json_text import dumps, filled
from exward.reports.visible import cut, utc_time, visible

WIDTH = 200
MAX_NAMES = 3
ID_SHOWN = 12
MAX_REASONS = 2


def table(found: Iterable[Kept]) -> Iterator[str]:
    """Three lines or more for each message."""
    for kept in found:
        one = kept.holding
        yield _line(f"{one.id[:ID_SHOWN]}  {utc_time(one.held_at)}  {kept.state.value:<9} "
                    f"{one.score:>5.1f}  {', '.join(one.classes)}")  # fmt: skip
        yield _line(f"    {one.sender} · {one.subject}")
        yield _line(f"    for {_names(one.recipients)}; from {one.mail_from or '<>'} "
                    f"[{one.client}]")  # fmt: skip
        for reason in one.reasons[:MAX_REASONS]:
            yield _line(f"    {reason.weight:+5.1f}  {reason.why}")


def jsonl(found: Iterable[Kept]) -> Iterator[str]:
    """One object a line, with the envelope, all reasons and every delivery."""
    for kept in found:
        told = {"type": "held-message", "schema": SCHEMA, "state": kept.state,
                "held_at": utc_time(kept.holding.held_at)}  # fmt: skip
        rest = asdict(kept.holding)
        del rest["held_at"]
        deliveries = [{**asdict(one), "at": utc_time(one.at)} for one in kept.deliveries]
        yield f"{dumps({**told, **rest, 'deliveries': deliveries})}\n"


def trail_table(deeds: Iterable[Deed]) -> Iterator[str]:
    """One line for each entry of the trail."""
    for deed in deeds:
        about = deed.id[:ID_SHOWN] or deed.sender
        names = f" for {_names(deed.recipients)}" if deed.recipients else ""
        why = f": {deed.why}" if deed.why else ""
        yield _line(f"{deed.when}  {deed.who}  {deed.what}  {about}{names}{why}")


def trail_jsonl(deeds: Iterable[Deed]) -> Iterator[str]:
    """One object a line."""
    for deed in deeds:
        yield f"{dumps({'type': 'decision', 'schema': SCHEMA, **filled(asdict(deed))})}\n"


FORMS: dict[str, Callable[[Iterable[Kept]], Iterator[str]]] = {"table": table, "jsonl": jsonl}
TRAIL_FORMS: dict[str, Callable[[Iterable[Deed]], Iterator[str]]] = {
    "table": trail_table,
    "jsonl": trail_jsonl,
}


def _names(recipients: tuple[str, ...]) -> str:
    more = len(recipients) - MAX_NAMES
    return ", ".join(recipients[:MAX_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _line(text: str) -> str:
    return f"{cut(visible(text), WIDTH)}\n"
