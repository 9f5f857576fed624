"""`docs/coverage.md`: which step of an attack our own rules see in which source of evidence.

A rule stands in a cell if it can fire on an event type of that source; the event types are those of
the rules' own samples and of the log source tables, so that the page claims nothing untested.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from exward.formats import registry
from exward.model.records import EventType, LineBatch, Part, TextBatch
from exward.model.stage import CHAIN, Stage
from exward.rules import library, routing
from exward.rules.ir import Correlation, Meta, RuleSet
from exward.rules.plan import Plan
from exward.rules.single import SampleFile

PACK = Path(str(resources.files("exward.content").joinpath("rules")))
NEEDS_POLICY = frozenset(
    {4656, 4657, 4662, 4663, 4688, 4689, 4698, 4699, 4702, 5136, 5140, 5145, 5156}
)
"""Events of the Security log that Windows does not write by default (Microsoft, audit policy)."""

SOURCES: dict[str, tuple[str, str]] = {
    "iis": ("IIS", "yes"),
    "exchange.httpproxy": ("HttpProxy", "yes"),
    "exchange.httprequestfiltering": ("HttpRequestFiltering", "with AMSI"),
    "exchange.ecp-server": ("ECP Server", "yes"),
    "exchange.ecp-activity": ("ECP Activity", "yes"),
    "exchange.oabgenerator": ("OABGenerator", "yes"),
    "exchange.ews": ("EWS", "yes"),
    "exchange.autodiscover": ("Autodiscover", "yes"),
    "exchange.mapihttp": ("MAPI over HTTP", "yes"),
    "exchange.rps-cmdlet": ("Rps_Cmdlet", "yes"),
    "exchange.rps-http": ("Rps_Http", "yes"),
    "exchange.rps-authz": ("Rps_AuthZ", "yes"),
    "MSExchange Management": ("MSExchange Management", "yes"),
    "exchange.admin-audit": ("Admin audit export", "yes"),
    "exchange.audit-queue": ("Audit queue", "yes"),
    "exchange.mailbox-audit": ("Mailbox audit export", "**no**"),
    "exchange.message-tracking": ("Message tracking", "yes"),
    "exchange.smtp-receive": ("SMTP receive", "partly"),
    "exchange.smtp-send": ("SMTP send", "partly"),
    "exchange.agent": ("Agent log", "yes"),
    "exchange.connectivity": ("Connectivity", "yes"),
    "httperr": ("HTTPERR", "yes"),
    "Security (policy)": ("Security: processes, files, shares, tasks", "**policy**"),
    "Security": ("Security: logons, accounts, log", "yes"),
    "Microsoft-Windows-Sysmon/Operational": ("Sysmon", "**install**"),
    "System": ("System", "yes"),
    "Application": ("Application", "yes"),
    "Microsoft-Windows-Windows Defender/Operational": ("Defender", "yes"),
    "Microsoft-Windows-PowerShell/Operational": ("PowerShell 4103, 4104", "partly"),
    "Windows PowerShell": ("PowerShell classic", "yes"),
    "Microsoft-Windows-TaskScheduler/Operational": ("TaskScheduler", "partly"),
    "Microsoft-Windows-WMI-Activity/Operational": ("WMI-Activity", "yes"),
    "Microsoft-Windows-Bits-Client/Operational": ("BITS", "yes"),
    "Microsoft-IIS-Configuration/Operational": ("IIS-Configuration", "**no**"),
    "iis.config": ("applicationHost.config, web.config", "collection"),
    "exchange.transport-agent": ("agents.config, Get-TransportAgent", "collection"),
    "exchange.virtual-directory": ("Get-…VirtualDirectory, directory dump", "collection"),
}
"""Log or channel → its name here and whether it exists without further configuration."""
LEFT_OUT = frozenset({"windows", "proxy", "exchange.other"})
"""Of the tables' logs: not one source of evidence, not Exchange's, of no known content."""
SHOWN = (*CHAIN, Stage.EXPOSURE)


def coverage_page(mark: str) -> Iterator[str]:
    """The matrix, then every rule with its sources."""
    rules = library.load((), builtin=True)
    metas = {meta.id: meta for meta in _metas(rules)}
    cells = _cells(rules)
    yield from ("# Coverage", "", mark, "")
    yield from (
        f"{len(metas)} rules of our own, by step of the attack and source. A number is how",
        "many rules can fire there; an empty cell: none can. *By default* says whether the source",
        "exists without further configuration. Beside the rules, silent hours of IIS and HttpProxy",
        "are findings, and gaps of every log are told. A source without a rule, because its layout",
        "is not documented, is read with all its columns and searched by any Sigma rule.",
    )
    titles = [stage.title for stage in SHOWN]
    yield from ("", f"| source | by default | {' | '.join(titles)} |")
    yield f"| --- | --- |{' ---: |' * len(SHOWN)}"
    names = [*SOURCES, *sorted(set(cells) - set(SOURCES))]
    for name in names:
        title, default = SOURCES.get(name, (name.removeprefix("Microsoft-Windows-"), "yes"))
        stages = [metas[one].stage for one in cells.get(name, set()) & set(metas)]
        counts = [stages.count(stage) for stage in SHOWN]
        yield f"| {title} | {default} | {' | '.join(str(count or '') for count in counts)} |"
    for stage in SHOWN:
        yield from ("", f"## {stage.title}", "", "| rule | level | grade | sources |")
        yield "| --- | --- | --- | --- |"
        for meta in sorted(metas.values(), key=lambda meta: (meta.title, meta.id)):
            if meta.stage == stage:
                seen = [
                    SOURCES.get(name, (name,))[0]
                    for name in names
                    if meta.id in cells.get(name, ())
                ]
                yield f"| {meta.title} | {meta.level} | {meta.grade} | {', '.join(seen)} |"


def _metas(rules: RuleSet) -> Iterator[Meta]:
    yield from (rule.meta for rule in rules.rules if rule.report)
    yield from (rule.meta for rule in rules.correlations)


def _cells(rules: RuleSet) -> dict[str, set[str]]:
    """Source → ids of the rules that can fire there; a correlation where its rules can."""
    plan = Plan(rules)
    cells: defaultdict[str, set[str]] = defaultdict(set)
    for event in sorted({*_of_samples(), *_of_tables()}):
        for lines in (False, True):
            plan.route(event, lines)
        cells[_source(event)] |= plan.rules_for(event)
    for correlation in _inside_out(rules.correlations):
        for members in cells.values():
            if members & set(correlation.rules):
                members.add(correlation.meta.id)
    return cells


def _inside_out(correlations: Iterable[Correlation]) -> Iterator[Correlation]:
    """Correlations of correlations last."""
    held = tuple(correlations)
    names = {one.meta.id for one in held}
    yield from (one for one in held if not names & set(one.rules))
    yield from (one for one in held if names & set(one.rules))


def _source(event: EventType) -> str:
    if event.log != "windows":
        return event.log
    if event.channel == "Security" and event.event_id in NEEDS_POLICY:
        return "Security (policy)"
    return event.channel


def _of_samples() -> Iterator[EventType]:
    for path in sorted(PACK.glob("*/*/hit*")):
        file = SampleFile(path)
        form = registry.identify(file.head)
        if form is None:
            raise SystemExit(f"{path}: is of no known format")
        for item in form.read(file, Part()):
            if isinstance(item, TextBatch):
                yield from set(item.types)
            elif isinstance(item, LineBatch):
                yield item.type


def _of_tables() -> Iterator[EventType]:
    """Logs that are no Windows channel: their event type has no further part."""
    known = routing.table()
    patterns = [one for views in known.categories.values() for view in views for one in view.events]
    patterns += [one for meant in known.services.values() for one in meant]
    yield from (EventType(one.log) for one in patterns if one.log not in LEFT_OUT)
