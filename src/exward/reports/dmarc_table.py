"""Who sends in the name of our domains, for the terminal: those who may not first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from exward.model.dmarc import DmarcResult, SendingHost
from exward.reports.visible import cut, visible

MAX_HOSTS = 200
WIDTH = 160


def render(result: DmarcResult) -> Iterator[str]:
    """Yield the lines, line feed included."""
    yield f"{'messages':>9} {'unaligned':>9}  {'source':<39}  domain; who signs or allows it\n"
    for host in result.hosts[:MAX_HOSTS]:
        yield _line(_row(host))
    if len(result.hosts) > MAX_HOSTS:
        yield f"… and {len(result.hosts) - MAX_HOSTS:,} more: see --format jsonl\n"
    messages = sum(host.messages for host in result.hosts)
    unaligned = sum(host.unaligned for host in result.hosts)
    yield f"\n{messages:,} messages of {len(result.hosts):,} senders, {unaligned:,} not aligned"
    yield f"; {result.reports:,} reports{_span(result.hosts)}\n"
    for domain, policy in result.policies.items():
        yield _line(f"{domain}: p={policy or 'none'}")
    if result.duplicates:
        yield f"{result.duplicates:,} reports were there more than once and count once\n"
    for skipped in result.skipped[:20]:
        count = f" ({skipped.count:,})" if skipped.count else ""
        yield _line(f"not read: {skipped.source}: {skipped.reason}{count}")
    if len(result.skipped) > 20:
        yield f"… and {len(result.skipped) - 20:,} more pieces that were not read\n"


def _row(host: SendingHost) -> str:
    who = [*(f"DKIM {name}" for name in list(host.signers)[:3]),
           *(f"SPF {name}" for name in list(host.envelopes)[:3])]  # fmt: skip
    shown = "; ".join((host.domain, ", ".join(who) or "nobody"))
    return f"{host.messages:>9,} {host.unaligned:>9,}  {host.source_ip:<39}  {shown}"


def _span(hosts: tuple[SendingHost, ...]) -> str:
    firsts = [host.first for host in hosts if host.first]
    if not firsts:
        return ""
    last = max(host.last for host in hosts)
    return f", {_day(min(firsts))} to {_day(last)}"


def _day(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "?"


def _line(text: str) -> str:
    return f"{cut(visible(text), WIDTH)}\n"
