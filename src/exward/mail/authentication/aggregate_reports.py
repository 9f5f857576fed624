"""DMARC aggregate reports: what receivers saw in the name of a domain.

Layout: RFC 7489 appendix C. Reports are hostile: anybody can send one. Each record is read for
itself, so that what is damaged costs no more than itself; a document type has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from exward.formats.xml_pieces import elements
from exward.formats.xml_tree import Element, parse

MAX_COUNT = 1_000_000_000
MAX_TEXT = 253
MAX_RESULTS = 20
_NAME = re.compile(r"[a-z0-9_.-]{1,253}")
_DISPOSITIONS = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True, slots=True)
class Record:
    """Messages of one source that were alike."""

    source_ip: str
    count: int
    disposition: str
    is_dkim_aligned: bool
    is_spf_aligned: bool
    header_from: str
    signers: tuple[str, ...] = ()
    """Domains whose signature was valid."""
    envelopes: tuple[str, ...] = ()
    """Domains whose SPF passed."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report. Times: seconds since 1970 UTC."""

    reporter: str
    id: str
    begin: int
    end: int
    domain: str
    policy: str
    records: tuple[Record, ...]
    unreadable: int = 0
    """Records that are damaged or make no sense."""


def is_report(head: bytes) -> bool:
    """Whether a file is one, by its beginning."""
    return re.search(rb"<(?:[\w.-]{1,40}:)?feedback[\s>]", head[:8192]) is not None


def read_report(data: bytes) -> Report:
    """Read a report; raises ValueError if it names no reporter or domain."""
    plain = re.sub(rb"<(/?)[\w.-]{1,40}:(?=[a-z_]{1,40}[\s>/])", rb"<\1", data)
    metadata = _first(plain, "report_metadata")
    policy = _first(plain, "policy_published")
    domain = _domain(_text(policy, "domain"))
    if not domain:
        raise ValueError("it names no domain")
    dates = metadata.child("date_range")
    records: list[Record] = []
    unreadable = 0
    for found in _records(plain):
        if found is None:
            unreadable += 1
        else:
            records.append(found)
    return Report(
        _text(metadata, "org_name"),
        _text(metadata, "report_id"),
        _number(dates, "begin"),
        _number(dates, "end"),
        domain,
        _text(policy, "p").lower(),
        tuple(records),
        unreadable,
    )


def _first(data: bytes, name: str) -> Element:
    for piece in elements([data], name):
        if piece.data is not None:
            return parse(piece.data)
    raise ValueError(f"it has no {name}")


def _records(data: bytes) -> Iterator[Record | None]:
    begin = data.find(b"<record")
    for piece in elements([data[begin : data.rfind(b"</record") + 100]], "record"):
        try:
            yield _record(parse(piece.data or b""))
        except ValueError:
            # What follows the last record in these bytes is no record that was lost.
            if piece.data is not None or b"<row" in data[begin + piece.offset :]:
                yield None


def _record(element: Element) -> Record:
    row = element.child("row")
    evaluated = row.child("policy_evaluated") if row else None
    results = element.child("auth_results")
    disposition = _text(evaluated, "disposition").lower()
    count = _number(row, "count")
    if not 0 < count <= MAX_COUNT:
        raise ValueError("no count")
    return Record(
        str(ip_address(_text(row, "source_ip"))),
        count,
        disposition if disposition in _DISPOSITIONS else "none",
        _text(evaluated, "dkim").lower() == "pass",
        _text(evaluated, "spf").lower() == "pass",
        _domain(_text(element.child("identifiers"), "header_from")),
        _passed(results, "dkim"),
        _passed(results, "spf"),
    )


def _passed(results: Element | None, name: str) -> tuple[str, ...]:
    found = [one for one in (results.children if results else []) if one.name == name]
    passed = [_domain(_text(one, "domain")) for one in found[:MAX_RESULTS]
              if _text(one, "result").lower() == "pass"]  # fmt: skip
    return tuple(dict.fromkeys(one for one in passed if one))


def _text(parent: Element | None, name: str) -> str:
    found = parent.child(name) if parent else None
    return " ".join(found.text.split())[:MAX_TEXT] if found else ""


def _number(parent: Element | None, name: str) -> int:
    text = _text(parent, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _domain(text: str) -> str:
    """A domain in lower case; empty if it is none."""
    lowered = text.lower().rstrip(".")
    return lowered if _NAME.fullmatch(lowered) else ""
