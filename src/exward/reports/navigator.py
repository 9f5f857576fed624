"""Findings on the ATT&CK matrix: a layer for the ATT&CK Navigator.

Format: https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
The score of a technique is that of its worst finding (informational 10, low 30, medium 50,
high 70, critical 90), and up to 9 more for how often it was seen; the gradient's colours stand
at exactly these values. Sub-techniques are shown under their technique.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from exward.model.severity import Severity
from exward.reports.json_text import dumps
from exward.reports.order import rank_findings
from exward.reports.standard_values import technique_parts
from exward.reports.times import iso
from exward.reports.visible import cut, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exward.model.finding import Finding
    from exward.model.result import Run, ScanResult

NAME = "navigator"
TITLE = "Layer for the ATT&CK Navigator"
EXTENSION = "json"

LAYER_VERSION = "4.5"
NAVIGATOR_VERSION = "5.1.0"
COLOURS = {
    Severity.INFORMATIONAL: "#dbe9f6",
    Severity.LOW: "#9ecae1",
    Severity.MEDIUM: "#fed976",
    Severity.HIGH: "#fd8d3c",
    Severity.CRITICAL: "#d7301f",
}
MAX_NAMES = 20
MAX_NAME = 200

Layer = dict[str, object]


def render(result: ScanResult) -> Iterator[str]:
    """Yield the layer, one technique per line."""
    by_technique, others = _grouped(result.findings)
    layer = dumps(_frame(result.run, by_technique, others)).removesuffix("}")
    yield f'{layer},\n"techniques":['
    separator = "\n"
    # A technique is also written where only a sub-technique was seen: it has to be unfolded.
    parents = {technique[:5] for technique in by_technique if "." in technique}
    for technique in sorted({*by_technique, *parents}):
        found = by_technique.get(technique, ())
        entry = _technique(technique, found, unfolded=technique in parents)
        yield f"{separator}{dumps(entry)}"
        separator = ",\n"
    yield "]}\n"


def _grouped(findings: Sequence[Finding]) -> tuple[dict[str, list[Finding]], int]:
    """Findings by technique, worst first, and how many findings have no valid technique."""
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    others = 0
    for finding in rank_findings(findings):
        valid = {technique for technique in finding.techniques if technique_parts(technique)}
        others += not valid
        for technique in valid:
            groups[technique].append(finding)
    return dict(groups), others


def _frame(run: Run, by_technique: dict[str, list[Finding]], others: int) -> Layer:
    low, high = _base(Severity.INFORMATIONAL), _base(Severity.CRITICAL)
    return {
        "name": f"exward {iso(run.finished)}",
        "versions": {"navigator": NAVIGATOR_VERSION, "layer": LAYER_VERSION},
        "domain": "enterprise-attack",
        "description": f"What exward {run.version} found. Techniques: {len(by_technique)}. "
        f"Findings without an ATT&CK technique, which this layer cannot show: {others}.",
        "sorting": 3,
        "layout": {"layout": "side", "showName": True, "showID": True,
                   "expandedSubtechniques": "annotated"},
        "hideDisabled": False,
        "gradient": {"colors": list(COLOURS.values()), "minValue": low, "maxValue": high},
        "legendItems": [
            {"label": severity.capitalize(), "color": colour}
            for severity, colour in COLOURS.items()
        ],
        "metadata": [
            {"name": "exward", "value": run.version},
            {"name": "scan finished", "value": iso(run.finished)},
            {"name": "findings without a technique", "value": str(others)},
        ],
    }  # fmt: skip


def _technique(technique: str, findings: Sequence[Finding], *, unfolded: bool) -> Layer:
    entry: Layer = {"techniqueID": technique, "showSubtechniques": unfolded}
    if not findings:
        return entry
    servers = sorted({finding.server for finding in findings if finding.server})
    return entry | {
        "score": _score(findings),
        "enabled": True,
        "comment": _names(list(dict.fromkeys(finding.title for finding in findings)), "\n"),
        "metadata": [
            {"name": "findings", "value": str(len(findings))},
            {"name": "worst severity", "value": findings[0].severity},
            {"name": "servers", "value": _names(servers, ", ") or "not known"},
        ],
    }


def _base(severity: Severity) -> int:
    return 10 + 20 * severity.rank


def _score(findings: Sequence[Finding]) -> int:
    """Base of the worst severity, plus one for each doubling of the number of hits, at most 9."""
    hits = sum(max(finding.count, 0) for finding in findings)
    return _base(findings[0].severity) + min(max(hits.bit_length() - 1, 0), 9)


def _names(names: Sequence[str], separator: str) -> str:
    shown = separator.join(cut(visible(name), MAX_NAME) for name in names[:MAX_NAMES])
    rest = len(names) - MAX_NAMES
    return f"{shown}{separator}… and {rest} more" if rest > 0 else shown
