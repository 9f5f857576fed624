"""A month of Microsoft's Security Update Guide (CVRF 1.1), as XML, which browsers are given.

The layout is that of the ICASI's CVRF 1.1 (http://www.icasi.org/CVRF/schema/cvrf/1.1), with
Microsoft's `FixedBuild` in remediations. A document type is refused: no entity is ever expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from exward.formats import xml_tree
from exward.formats.xml_tree import Element
from exward.model.errors import ContentError
from exward.posture.updates.guide import Document, added
from exward.posture.updates.interface import Changed, Trust

TITLE = "Microsoft's Security Update Guide (CVRF) as XML"
MAX_PARTS = 200_000
"""Products and vulnerabilities; a large month has some thousands."""
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?:<\?[^<>]{0,500}\?>|<!--(?:[^-]|-[^-]){0,5000}-->)\s*)*"
    rb"<(?:\w+:)?cvrfdoc[\s>]"
)
_PARTS = frozenset({"DocumentTracking", "FullProductName", "Vulnerability"})
_LISTS = {"Threat": "Threats", "ScoreSet": "CVSSScoreSets", "Remediation": "Remediations"}
_IMPACT, _OTHER = 0, -1


def recognises(data: bytes) -> bool:
    """Say whether the first element is a CVRF document."""
    return _ROOT.match(data[:20_000]) is not None


def apply(data: bytes, tables: dict[str, bytes], trust: Trust, where: str) -> Changed:
    """Add what is new; what the tables have already stays as it is."""
    del trust
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _PARTS}
    try:
        for number, part in enumerate(xml_tree.parts(data, _PARTS)):
            if number == MAX_PARTS:
                raise ValueError(f"more than {MAX_PARTS:,} products and vulnerabilities")
            found[part.name].append(_PLAIN[part.name](part))
        plain = {
            "DocumentTracking": next(iter(found["DocumentTracking"]), None),
            "ProductTree": {"FullProductName": found["FullProductName"]},
            "Vulnerability": found["Vulnerability"],
        }
        document = msgspec.convert(plain, Document, strict=False)
    except (ValueError, msgspec.MsgspecError) as error:
        raise ContentError(f"no month of the guide: {error}", "fetch it again", where) from error
    return added(document, tables, where)


def _text(element: Element, name: str) -> str:
    found = element.child(name)
    return "" if found is None else found.text.strip()


def _tracking(element: Element) -> dict[str, Any]:
    return {"InitialReleaseDate": _text(element, "InitialReleaseDate")}


def _product(element: Element) -> dict[str, Any]:
    return {"ProductID": element.attributes.get("ProductID", ""), "Value": element.text}


def _vulnerability(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"CVE": _text(element, "CVE")}
    for name, around in _LISTS.items():
        found[around] = [_MEMBER[name](one) for one in _inside(element, around, name)]
    return found


def _inside(element: Element, around: str, name: str) -> Iterator[Element]:
    for outer in element.children:
        if outer.name == around:
            yield from (one for one in outer.children if one.name == name)


def _threat(element: Element) -> dict[str, Any]:
    kind = _IMPACT if element.attributes.get("Type") == "Impact" else _OTHER
    return {"Type": kind, "Description": {"Value": _text(element, "Description")}}


def _score(element: Element) -> dict[str, Any]:
    return {"BaseScore": _text(element, "BaseScore")}


def _remediation(element: Element) -> dict[str, Any]:
    return {
        "ProductID": [one.text.strip() for one in element.children if one.name == "ProductID"],
        "FixedBuild": _text(element, "FixedBuild"),
        "Description": {"Value": _text(element, "Description")},
    }


_PLAIN = {
    "DocumentTracking": _tracking,
    "FullProductName": _product,
    "Vulnerability": _vulnerability,
}
_MEMBER = {"Threat": _threat, "ScoreSet": _score, "Remediation": _remediation}
