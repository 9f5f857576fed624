"""The terminal's view: worst messages first, each with its strongest reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exward.model.message import Disposal, MailResult, MessageVerdict
from exward.reports.visible import cut, visible

NAME = "table"
TITLE = "Summary for the terminal, worst first"
MAX_REASONS = 4
MAX_MESSAGES = 200
WIDTH = 100


def render(result: MailResult) -> Iterator[str]:
    """Yield the lines, line feed included."""
    ordered = sorted(result.messages, key=lambda one: (-one.verdict.rank, -one.score, one.path))
    shown = [one for one in ordered if one.verdict is not Disposal.DELIVER] or ordered
    for message in shown[:MAX_MESSAGES]:
        yield from _message(message)
    if len(shown) > MAX_MESSAGES:
        yield f"… and {len(shown) - MAX_MESSAGES:,} more: see --format jsonl\n"
    counts = Counter(one.verdict for one in result.messages)
    words = ", ".join(f"{counts[one]:,} {one.value}" for one in Disposal)
    yield f"{len(result.messages):,} messages: {words}\n"
    for skipped in result.skipped[:20]:
        yield _line(f"not read: {skipped.source}: {skipped.reason}")
    if len(result.skipped) > 20:
        yield f"… and {len(result.skipped) - 20:,} more pieces that were not read\n"


def _message(message: MessageVerdict) -> Iterator[str]:
    classes = ", ".join(message.classes)
    yield _line(f"{message.verdict.value.upper():<10} {message.score:>5.1f}  {message.path}")
    yield _line(f"           {message.sender} · {message.subject}")
    if classes:
        yield _line(f"           {classes}")
    for reason in message.reasons[:MAX_REASONS]:
        yield _line(f"    {reason.weight:+5.1f}  {reason.why}")
    yield "\n"


def _line(text: str) -> str:
    return f"{cut(visible(text), WIDTH * 2)}\n"
