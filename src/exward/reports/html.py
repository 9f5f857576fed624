"""The report as one HTML file that needs nothing else and sends nothing anywhere.

Readable without script; the script adds filters, sorting and zoom. The page's own policy allows
exactly one style and one script, named by their hash, and no request at all: a value from
evidence that slipped through every escape could still do nothing.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from exward.model.finding import Grade
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from exward.reports import (
    html_chart,
    html_data,
    html_matrix,
    html_timeline,
    html_view,
    posture_view,
    reviews,
)
from exward.reports.accounts_view import by_account, grid
from exward.reports.accounts_view import ranked as ranked_accounts
from exward.reports.order import rank_findings
from exward.reports.visible import duration, size_text, utc_span, utc_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exward.model.finding import Finding
    from exward.model.result import ScanResult

NAME = "html"
TITLE = "One self-contained web page"
EXTENSION = "html"

MAX_SERVERS = 2_000
"""Servers whose posture stands in the page."""
MAX_ACCOUNTS = 500
"""Service accounts whose week is drawn."""
STATIC_ROWS = 200
"""Findings in the page itself, for readers without script; the script replaces them."""

ASSETS = "html_assets"


def render(result: ScanResult) -> Iterator[str]:
    """Yield the page in pieces."""
    ranked = rank_findings(result.findings)
    template = _environment().get_template("page.html")
    yield from template.generate(
        **_verdict_values(result, ranked),
        **_finding_values(result, ranked),
        **_proof_values(result),
    )


def _verdict_values(result: ScanResult, ranked: Sequence[Finding]) -> dict[str, object]:
    incidents = html_view.stories(result.incidents, ranked)
    embedded = ranked[: html_data.MAX_FINDINGS]
    return {
        "run": result.run,
        "verdicts": html_view.verdicts_view(result.verdicts),
        "review": reviews.headline(result),
        "matrix": html_matrix.matrix(result.verdicts, ranked),
        "stories": incidents,
        "stories_left_out": len(result.incidents) - len(incidents),
        "loose_chain": () if incidents else html_view.loose_chain(ranked),
        "anchors": {finding.id: f"f{number}" for number, finding in enumerate(embedded)},
    }


def _finding_values(result: ScanResult, ranked: Sequence[Finding]) -> dict[str, object]:
    timed = sum(finding.first is not None for finding in ranked)
    known = ranked if timed * 4 >= len(ranked) else ()  # of a state little has a time
    axis = html_chart.axis_over(finding.first for finding in known)
    return {
        "axis": axis,
        "ticks": html_chart.ticks(axis) if axis else (),
        "spikes": html_chart.spikes(ranked, axis) if axis else (),
        "bands": _bands(result, axis) if axis else (),
        "severities": tuple(reversed(Severity)),
        "severity_counts": html_view.severity_counts(ranked),
        "total": len(ranked),
        "embedded": min(len(ranked), html_data.MAX_FINDINGS),
        "rows": ranked[:STATIC_ROWS],
        "json": map(Markup, html_data.json_chunks(ranked, result.incidents)),
    }


def _bands(result: ScanResult, axis: html_chart.Axis) -> list[tuple[float, float]]:
    """Place and width, in per cent, of the time that each incident spans."""
    spans = [(axis.place(one.first), axis.place(one.last)) for one in result.incidents
             if one.first is not None and one.last is not None]  # fmt: skip
    return [(left, round(max(right - left, 0.2), 3)) for left, right in spans]


def _proof_values(result: ScanResult) -> dict[str, object]:
    axis, logs = html_view.coverage_view(result.coverage)
    sources = sorted(result.coverage, key=lambda one: (one.server, one.log, one.source))
    blind = html_view.blind_groups(result.rules)
    return {
        "log_ticks": html_chart.ticks(axis) if axis else (),
        "log_bands": _bands(result, axis) if axis else (),
        "logs": logs[: html_view.MAX_LOGS],
        "logs_left_out": max(0, len(logs) - html_view.MAX_LOGS),
        "sources": sources[: html_view.MAX_FILES],
        "sources_left_out": max(0, len(sources) - html_view.MAX_FILES),
        "web_files": result.web_files[: html_view.MAX_LOGS],
        "web_files_left_out": max(0, len(result.web_files) - html_view.MAX_LOGS),
        "blind": blind[: html_view.MAX_REASONS],
        "blind_total": sum(group.count for group in blind),
        "rules_total": len(result.rules),
        "skipped": html_view.skipped_groups(result.skipped)[: html_view.MAX_REASONS],
        "skipped_total": len(result.skipped),
        "lost_total": sum(one.count for one in result.skipped),
        "outcomes": () if result.postures else html_view.outcomes_view(result.outcomes),
        "fleet": posture_view.fleet(result.postures, result.outcomes)[:MAX_SERVERS],
        "fleet_total": len(result.postures),
        "failing": posture_view.parts(
            posture_view.groups(result.outcomes) if result.postures else ()
        ),
        "first_steps": posture_view.first_steps(result.outcomes) if result.postures else (),
        "outside": posture_view.seen(result.outcomes)[: posture_view.MAX_SEEN],
        "accounts": ranked_accounts(result.accounts)[:MAX_ACCOUNTS],
        "account_findings": by_account(rank_findings(result.findings)),
        "accounts_total": len(result.accounts),
        "acceptances": html_view.acceptances_view(result.acceptances),
        "accepted_total": sum(bool(one.accepted) for one in result.findings),
    }


def policy(style: str, script: str) -> str:
    """Content security policy that allows this style and this script and nothing else."""
    hashes = [b64encode(sha256(part.encode()).digest()).decode() for part in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exward.reports", ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    folder = files("exward.reports") / ASSETS
    style, script = ((folder / name).read_text("utf-8") for name in ("report.css", "report.js"))
    environment.globals.update(
        # Our own files, written as they are: their hashes stand in the policy.
        style=Markup(style),
        script=Markup(script),
        policy=Markup(policy(style, script)),
        Grade=Grade,
        Stage=Stage,
        LANE=html_chart.LANE,
        STORY_LANE=html_timeline.LANE_PX,
        CHAIN=CHAIN,
        MAX_PLACES=html_data.MAX_PLACES,
    )
    environment.filters.update(
        time=utc_time,
        duration=duration,
        size=size_text,
        number="{:,}".format,
        brief=html_data.name,
        reason=html_data.reason,
        excerpt=html_data.excerpt,
        linked=html_data.linked,
        week_grid=grid,
        lines=escape,  # an excerpt is visible already and keeps its line feeds
    )
    environment.globals["span"] = utc_span
    return environment


def _finalize(value: object) -> object:
    """Bound every text that a template writes and make it visible; Jinja then escapes it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return html_data.text(value)
    return value
