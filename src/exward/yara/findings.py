"""From rules that a file fits to findings, with the places in the file that show it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from exward.model.finding import Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage
from exward.yara.loading import id_of
from exward.yara.meta import Said, said

if TYPE_CHECKING:
    import yara_x

DETECTOR = "yara"
MAX_RULES = 20
"""Rules of one file that are told one by one, the most severe ones; the others are named."""
MAX_FILES = 50
"""Files of one rule that are told one by one; more are told as one finding."""
MAX_PLACES = 100
MAX_STRINGS = 10
MAX_OFFSETS = 3
MAX_EXCERPT = 60
MAX_NAMED = 3
MAX_LINES = 20
_STOCK = "the file is Exchange's own, unchanged, by path and SHA-256"
_ADVICE = (
    "Read the places that matched; preserve the file with its times and owner. A rule says what "
    "its author saw elsewhere: rule out that it fits files of yours."
)


def find(
    path: str, data: bytes, sha256: str, rules: Sequence[yara_x.Rule], *, is_stock: bool
) -> Iterator[Finding]:
    """Yield a finding for each rule that a file fits, the most severe first.

    `sha256`: of the whole file, "" if that is not known. `is_stock`: the file is one that Microsoft
    shipped at this path.
    """
    told = [(said(rule.identifier, rule.metadata), rule) for rule in rules]
    told.sort(key=lambda one: (-one[0].severity.rank, id_of(one[1])))
    others = [id_of(rule) for _, rule in told[MAX_RULES:]]
    for one, rule in told[:MAX_RULES]:
        seen = list(_strings(rule, data))
        fields = {"TargetFilename": path, "sha256": sha256, **_fields(one, rule, seen)}
        if others:
            fields["further_rules"] = f"{len(others):,}: {', '.join(others[:MAX_RULES])}"
        finding = _finding((one, rule), fields, seen, _lines(rule, data))
        yield _explained(finding) if is_stock else finding


def _explained(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.INFORMATIONAL, explained=_STOCK)


def _finding(
    told: tuple[Said, yara_x.Rule],
    fields: dict[str, str],
    seen: Sequence[str],
    lines: tuple[int, ...],
) -> Finding:
    one, rule = told
    path, digest = fields["TargetFilename"], fields["sha256"]
    places = f": {'; '.join(seen[:MAX_NAMED])}" if seen else ""
    return Finding(
        id=_id(id_of(rule), path, digest),
        detector=DETECTOR,
        rule=id_of(rule),
        title=one.title,
        severity=one.severity,
        confidence=one.confidence,
        stage=Stage.WEB_SHELL,
        techniques=("T1505.003",),
        server="",
        account="",
        source_ip="",
        first=None,
        last=None,
        count=1,
        grade=Grade.STATE,
        evidence=(Evidence(path, lines[0] if lines else 0, None, fields),),
        why=f"the file fits the YARA rule {rule.identifier}{places}",
        advice=_ADVICE,
        references=one.references,
        path=path,
        sha256=digest,
        lines=lines,
    )


def _fields(one: Said, rule: yara_x.Rule, seen: Sequence[str]) -> dict[str, str]:
    shown = {
        "yara_rule": rule.identifier,
        "yara_namespace": rule.namespace,
        "yara_tags": ", ".join(rule.tags),
        "yara_author": one.author,
        "strings": "; ".join(seen),
    }
    return {name: text for name, text in shown.items() if text}


def _strings(rule: yara_x.Rule, data: bytes) -> Iterator[str]:
    """The strings that matched: name, offsets in bytes from the file's start, what is there."""
    matched = [one for one in rule.patterns if one.matches]
    for pattern in matched[:MAX_STRINGS]:
        offsets = ", ".join(str(one.offset) for one in pattern.matches[:MAX_OFFSETS])
        more = len(pattern.matches) - MAX_OFFSETS
        also = f" and {more:,} more" if more > 0 else ""
        first = pattern.matches[0]
        yield f"{pattern.identifier} at {offsets}{also}: {_excerpt(data, first)}"
    if len(matched) > MAX_STRINGS:
        yield f"{len(matched) - MAX_STRINGS:,} more strings"


def _excerpt(data: bytes, match: yara_x.Match) -> str:
    raw = data[match.offset : match.offset + min(match.length, MAX_EXCERPT)]
    if len(raw) > 1 and not any(raw[1::2]):
        raw = raw[::2]  # UTF-16
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in raw)
    return f'"{text}"' + ("…" if match.length > MAX_EXCERPT else "")


def _lines(rule: yara_x.Rule, data: bytes) -> tuple[int, ...]:
    """The lines where strings matched first; a program has none."""
    if data.startswith(b"MZ"):
        return ()
    firsts = [one.matches[0].offset for one in rule.patterns if one.matches][:MAX_LINES]
    return tuple(sorted({data.count(b"\n", 0, offset) + 1 for offset in firsts}))


class Gathered:
    """The findings of a scan by rule, bounded; the same whatever order they come in."""

    def __init__(self) -> None:
        self._held: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        self._counts: Counter[tuple[str, str]] = Counter()

    def take(self, findings: Iterable[Finding]) -> None:
        """Take in what was found in some files."""
        for finding in findings:
            key = (finding.rule, finding.explained)
            held = self._held[key]
            held.append(finding)
            self._counts[key] += 1
            if len(held) >= 2 * MAX_PLACES:
                held.sort(key=_by_file)
                del held[MAX_PLACES:]

    def told(self, levels: Mapping[str, str]) -> Iterator[Finding]:
        """Yield the findings; a rule that very many files fit says little of any of them.

        `levels`: id of a rule → the severity that the user gave it.
        """
        for key, held in self._held.items():
            members = sorted(held, key=_by_file)
            count = self._counts[key]
            for one in members if count <= MAX_FILES else [_one(members[:MAX_PLACES], count)]:
                own = None if one.explained else levels.get(one.rule)
                yield one if own is None else replace(one, severity=Severity(own))


def _by_file(finding: Finding) -> tuple[str, str]:
    return finding.path, finding.sha256


def _one(members: Sequence[Finding], count: int) -> Finding:
    first = members[0]
    return replace(
        first,
        id=_id(first.rule, *("\0".join(_by_file(one)) for one in members)),
        count=count,
        evidence=tuple(one.evidence[0] for one in members),
        why=f"{count:,} files fit this rule; {first.path}: {first.why}",
        path="",
        sha256="",
        lines=(),
    )


def _id(*parts: str) -> str:
    text = "\0".join((DETECTOR, *parts)).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=12).hexdigest()
