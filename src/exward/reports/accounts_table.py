"""Service accounts on the terminal: what stands out first, then every account in one line."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.text import Text

from exward.reports.accounts_view import ranked
from exward.reports.order import rank_findings
from exward.reports.reviews import counted
from exward.reports.visible import cut, utc_time, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from exward.model.result import ScanResult
    from exward.model.service_account import ServiceAccount

MAX_FINDINGS = 15
MAX_LOSSES = 3
MAX_ACCOUNTS = 40
MAX_SLIGHT = 3
SEVERAL = "several accounts"
MAX_VALUE = 300
MIN_ROOM = 20
_INDENT = 11


def print_accounts(result: ScanResult, console: Console) -> None:
    """Print the summary; reasons are wrapped, all other lines cut to the width of the console."""
    for line in _lines(result, console.width):
        plain = line.plain.encode(console.encoding, "backslashreplace").decode(console.encoding)
        text = line if plain == line.plain else Text(plain)
        text.truncate(console.width, overflow="ellipsis")
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _lines(result: ScanResult, width: int) -> Iterator[Text]:
    findings = [one for one in rank_findings(result.findings) if not one.accepted]
    yield Text.assemble(("Stands out  ", "bold"), f"{len(findings) or 'nothing'}")
    for one in findings[:MAX_FINDINGS]:
        when = utc_time(one.first) if one.first is not None else "at an unknown time"
        yield Text(
            f"  {one.severity.upper():<8} {_say(one.account or one.source_ip or SEVERAL)}  {when}"
        )
        for reason in one.why.split("; "):
            yield from _wrapped(_say(reason), width)
    if len(findings) > MAX_FINDINGS:
        yield Text(f"  … and {len(findings) - MAX_FINDINGS:,} more: --report FILE.html")
    yield Text()
    yield Text.assemble(("Accounts    ", "bold"), counted(len(result.accounts), "service account"))
    for account in ranked(result.accounts)[:MAX_ACCOUNTS]:
        yield from _account(account)
    if len(result.accounts) > MAX_ACCOUNTS:
        yield Text(f"  … and {len(result.accounts) - MAX_ACCOUNTS:,} more: --report FILE.html")
    yield Text()
    run, lost = result.run, len(result.skipped)
    said = f"{run.records:,} sign-ins in {run.files:,} files, {lost:,} places not read"
    yield Text.assemble(("Read        ", "bold"), said)
    for loss in result.skipped[:MAX_LOSSES]:
        yield Text(f"  {_say(loss.source)}")
        yield Text(f"      {_say(loss.reason)}")
    if lost > MAX_LOSSES:
        yield Text(f"  … and {lost - MAX_LOSSES:,} more: --report FILE.html")


def _wrapped(said: str, width: int) -> Iterator[Text]:
    """One reason, in as many lines as it takes."""
    room = max(MIN_ROOM, width - _INDENT)
    for line in wrap(said, room, subsequent_indent="  ", break_on_hyphens=False):
        yield Text(" " * _INDENT + line)


def _account(one: ServiceAccount) -> Iterator[Text]:
    learning = "  learning: too young for alarms" if one.learning else ""
    yield Text.assemble(
        ("  " + _say(one.account), "bold"),
        f"  {_say(one.account_kind)}: {_say(', '.join(one.told_by))}",
    )
    since = f"since {utc_time(one.first)[:10]}, {one.sign_ins:,} sign-ins"
    yield Text(f"      {since}, {_anomalies(one.anomalies)}{learning}")
    if one.directory:
        yield Text(f"      rights   {_say(', '.join(one.directory))}")
    yield Text(f"      normal   {_say(one.window)} ({_say(one.zone)})")
    yield Text(f"      sources  {_say(', '.join(one.sources)) or 'not told'}")
    for said in one.slight[:MAX_SLIGHT]:
        yield Text(f"      slight   {_say(said)}")
    if len(one.slight) > MAX_SLIGHT:
        yield Text(
            f"               and {len(one.slight) - MAX_SLIGHT:,} more days: --report FILE.html"
        )


def _anomalies(number: int) -> str:
    return "1 alert" if number == 1 else f"{number:,} alerts"


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)
