"""One JSON object a line: every sender, every policy, then what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from exward.model.dmarc import SCHEMA, DmarcResult
from exward.reports.json_text import dumps


def render(result: DmarcResult) -> Iterator[str]:
    """Yield the lines, line feed included."""
    for host in result.hosts:
        yield _line("dmarc-sender", {**asdict(host), "unaligned": host.unaligned})
    for domain, policy in result.policies.items():
        yield _line("dmarc-policy", {"domain": domain, "policy": policy})
    for skipped in result.skipped:
        yield _line("skipped", asdict(skipped))


def _line(kind: str, value: dict[str, object]) -> str:
    return f"{dumps({'type': kind, 'schema': SCHEMA, **value})}\n"
