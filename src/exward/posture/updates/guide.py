"""A month of Microsoft's Security Update Guide (CVRF), whatever it was written as.

https://api.msrc.microsoft.com/cvrf/v3.0/swagger: `ProductTree.FullProductName` names products,
each entry of `Vulnerability` has `CVE`, `Threats` (type 0: impact), `CVSSScoreSets` and
`Remediations` with `FixedBuild` and `ProductID`. What concerns Exchange is added: vulnerabilities
that our table does not have, and the builds that fix them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from exward.model.errors import ContentError
from exward.posture import build
from exward.posture.updates.interface import Changed
from exward.posture.updates.tables import Editable, edited

MAX_VULNERABILITIES = 5_000
_PRODUCT = re.compile(
    r"Microsoft Exchange Server (2013|2016|2019|Subscription Edition)"
    r"(?: (?:(Cumulative Update|Service Pack) (\d{1,2})|RTM))?"
)
_CVE = re.compile(r"(?:CVE-\d{4}-\d{4,7}|ADV\d{6,10})")
_SHORT = {"Cumulative Update": "CU", "Service Pack": "SP", None: "RTM"}
_KINDS = {
    "Remote Code Execution": "RCE",
    "Elevation of Privilege": "EoP",
    "Spoofing": "spoofing",
    "Information Disclosure": "info",
    "Denial of Service": "DoS",
    "Tampering": "tampering",
    "Security Feature Bypass": "SFB",
}
_SOURCE = "MSRC CVRF"


class _Text(msgspec.Struct, frozen=True):
    Value: str = ""


class _Product(msgspec.Struct, frozen=True):
    ProductID: str
    Value: str


class _Tree(msgspec.Struct, frozen=True):
    FullProductName: tuple[_Product, ...]


class _Threat(msgspec.Struct, frozen=True):
    Type: int
    Description: _Text = _Text()


class _Score(msgspec.Struct, frozen=True):
    BaseScore: float


class _Remediation(msgspec.Struct, frozen=True):
    ProductID: tuple[str, ...] = ()
    FixedBuild: str = ""
    Description: _Text = _Text()


class _Vulnerability(msgspec.Struct, frozen=True):
    CVE: str
    Threats: tuple[_Threat, ...] = ()
    CVSSScoreSets: tuple[_Score, ...] = ()
    Remediations: tuple[_Remediation, ...] = ()


class _Tracking(msgspec.Struct, frozen=True):
    InitialReleaseDate: str


class Document(msgspec.Struct, frozen=True):
    """What is read of a month."""

    DocumentTracking: _Tracking
    ProductTree: _Tree
    Vulnerability: tuple[_Vulnerability, ...]


class _Fix(msgspec.Struct, frozen=True):
    """One build that fixes something: `2019`, `CU15`, its number and article."""

    product: str
    cu: str
    build: str
    kb: str


def added(document: Document, tables: dict[str, bytes], where: str) -> Changed:
    """Add what is new; what the tables have already stays as it is."""
    day = _day(document, where)
    products = {
        one.ProductID: match
        for one in document.ProductTree.FullProductName
        if (match := _PRODUCT.fullmatch(one.Value.strip())) is not None
    }
    said: list[str] = []
    with edited(tables, "cves") as cves, edited(tables, "builds") as builds:
        known = {row["cve"] for row in cves.rows}
        listed = {row["build"] for row in builds.rows}
        for one in document.Vulnerability[:MAX_VULNERABILITIES]:
            fixes = list(_fixes(one, products))
            if fixes and one.CVE not in known and _CVE.fullmatch(one.CVE):
                cves.rows.append(_cve(one, fixes, day))
                said.append(f"{one.CVE}: added")
            for fix in fixes:
                if fix.build not in listed:
                    listed.add(fix.build)
                    builds.rows.append(_build(fix, day))
                    said.append(f"{fix.product} {fix.cu} {fix.build}: added")
        changed = {table.name: _dated(table, day) for table in (cves, builds)}
    return Changed(changed if said else {}, tuple(said))


def _day(document: Document, where: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(document.DocumentTracking.InitialReleaseDate[:10])
    except ValueError as error:
        raise ContentError("the document has no day of release", "", where) from error


def _fixes(one: _Vulnerability, products: dict[str, re.Match[str]]) -> Iterator[_Fix]:
    for remediation in one.Remediations:
        number = build.parse(remediation.FixedBuild)
        if number is None or number.revision is None:
            continue
        for product in remediation.ProductID:
            match = products.get(product)
            if match is not None:
                name = "SE" if match[1].startswith("Sub") else match[1]
                cu = f"{_SHORT[match[2]]}{match[3] or ''}"
                article = remediation.Description.Value
                kb = f"KB{article}" if article.isdecimal() else ""
                yield _Fix(f"Exchange Server {name}", cu, str(number), kb)


def _named(day: datetime.date) -> str:
    """`Sep26SU`: how updates are called by their month; English whatever the system speaks."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{months[day.month - 1]}{day:%y}SU"


def _cve(one: _Vulnerability, fixes: list[_Fix], day: datetime.date) -> dict[str, Any]:
    fixed: dict[str, dict[str, str]] = {}
    for fix in fixes:
        fixed.setdefault(fix.product, {})[fix.cu] = fix.build
    impact = next((threat.Description.Value for threat in one.Threats if threat.Type == 0), "")
    row: dict[str, Any] = {
        "cve": one.CVE,
        "component": "Exchange Server",
        "kind": _KINDS.get(impact, "unknown"),
        "source": _SOURCE,
        "affected": sorted(fixed),
        "fixed": fixed,
        "fixed_by": _named(day),
        "fix_date": day.isoformat(),
        "published": day.isoformat(),
    }
    scores = [score.BaseScore for score in one.CVSSScoreSets]
    return {**row, "cvss": max(scores)} if scores else row


def _build(fix: _Fix, day: datetime.date) -> dict[str, Any]:
    short = fix.product.removeprefix("Exchange Server ")
    return {
        "product": fix.product,
        "build": fix.build,
        "label": f"{short} {fix.cu} {_named(day)}",
        "cu": fix.cu,
        "su": _named(day),
        "kind": "SU",
        "released": day.isoformat(),
        "precision": "day",
        "sources": [_SOURCE],
        **({"kb": fix.kb} if fix.kb else {}),
    }


def _dated(table: Editable, day: datetime.date) -> bytes:
    """The table, complete up to the later of its own day and the document's."""
    table.head["as_of"] = max(str(table.head["as_of"]), day.isoformat())
    return table.encoded()
