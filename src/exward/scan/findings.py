"""From merged hits to findings: the rule's words, a stable id, one sentence that says why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from exward.model.finding import Confidence, Finding, Grade
from exward.model.severity import Severity
from exward.rules.hits import CorrelationMatch
from exward.rules.ir import And, Correlation, Meta, Node, Number, Or, Rule, RuleSet
from exward.rules.stages import stage_of, techniques_of
from exward.scan.collect import NO_TIME, Group, Key, is_rest

DETECTOR = "sigma"
REFUSED_LOGONS = frozenset({4625, 4771})
"""Security events of a logon that failed (Microsoft: audit logon, Kerberos pre-authentication)."""
CORRELATION = "sigma-correlation"
_HISTORY = re.compile(r"(?:^|[/\\!])CFGHISTORY_\d+[/\\]", re.IGNORECASE)
"""Copies that IIS makes of its configuration when it changes (Microsoft: configHistory)."""
# Names of a correlation's group that tell an account or an address.
_ACCOUNT_FIELDS = (
    "TargetUserName", "SubjectUserName", "User", "cs-username", "AccountName", "AuthenticatedUser",
    "ImpersonatedUser", "Caller", "sender-address",
)  # fmt: skip
_ADDRESS_FIELDS = (
    "IpAddress", "c-ip", "SourceIp", "ClientAddress", "src_ip", "ClientIpAddress", "ClientIP",
    "ClientIPAddress", "client-ip", "original-client-ip",
)  # fmt: skip


def from_groups(groups: Mapping[Key, Group], rules: RuleSet) -> Iterator[Finding]:
    """One finding for each group, in no particular order."""
    by_id = {rule.meta.id: rule for rule in rules.rules}
    for key, group in groups.items():
        rule = by_id[key[0]]
        yield _finding(rule, key, group)


def _finding(rule: Rule, key: Key, group: Group) -> Finding:
    meta = rule.meta
    rest = is_rest(key)
    why = group.why or "the record fits the rule"
    if rest:
        why += " (further accounts and addresses, counted together)"
    evidence = group.evidence()
    if all(_HISTORY.search(place.file) for place in evidence):
        why += "; only copies in the configuration history say so"
    return Finding(
        id=id_of(key),
        detector=DETECTOR,
        rule=meta.id,
        title=meta.title,
        severity=Severity(meta.level),
        confidence=confidence_of(meta),
        stage=stage_of(meta.stage, meta.tags),
        techniques=techniques_of(meta.tags),
        server=key[1],
        account="" if rest else key[2],
        source_ip="" if rest else key[3],
        first=None if group.first == NO_TIME else group.first,
        last=None if group.last == -NO_TIME else group.last,
        count=group.count,
        grade=grade_of(rule),
        evidence=evidence,
        why=why,
        advice=advice_of(meta),
        references=meta.references,
    )


def id_of(key: Key) -> str:
    """The id of a group's finding; it says nothing of accepted risks unless some cover it."""
    return _id(DETECTOR, *(key if key[4] else key[:4]))


def from_correlations(matches: Iterable[CorrelationMatch], rules: RuleSet) -> Iterator[Finding]:
    """One finding for each correlation and group; bursts of one group are merged."""
    by_id = {rule.meta.id: rule for rule in rules.correlations}
    merged: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[CorrelationMatch]] = {}
    for match in matches:
        merged.setdefault((match.rule, match.server, match.group), []).append(match)
    grades = _grades(rules)
    silent = {name for rule in rules.correlations if not rule.generate for name in rule.rules}
    silent -= {name for rule in rules.correlations if rule.generate for name in rule.rules}
    for (rule, server, group), bursts in merged.items():
        if rule not in silent:
            yield _correlated((by_id[rule], grades[rule]), server, dict(group), bursts)


def _grades(rules: RuleSet) -> dict[str, Grade]:
    """A correlation of attempts is an attempt; one with a deed in it happened."""
    known = {rule.meta.id: grade_of(rule) for rule in rules.rules}
    waiting = list(rules.correlations)
    while waiting:
        rule = next(one for one in waiting if all(name in known for name in one.rules))
        waiting.remove(rule)
        parts = {known[name] for name in rule.rules}
        own = Grade(rule.meta.grade) if rule.meta.grade else None
        known[rule.meta.id] = own or (Grade.ATTEMPT if parts == {Grade.ATTEMPT} else Grade.SUCCESS)
    return known


def _correlated(
    graded: tuple[Correlation, Grade],
    server: str,
    group: Mapping[str, str],
    bursts: list[CorrelationMatch],
) -> Finding:
    rule, grade = graded
    meta = rule.meta
    evidence = sorted(
        (place for burst in bursts for place in burst.evidence),
        key=lambda place: (place.time or 0, place.file, place.position),
    )
    return Finding(
        id=_id(CORRELATION, meta.id, server, repr(sorted(group.items()))),
        detector=CORRELATION,
        rule=meta.id,
        title=meta.title,
        severity=Severity(meta.level),
        confidence=confidence_of(meta),
        stage=stage_of(meta.stage, meta.tags),
        techniques=techniques_of(meta.tags),
        server=server,
        account=_named(_ACCOUNT_FIELDS, group),
        source_ip=_named(_ADDRESS_FIELDS, group),
        first=min(burst.first for burst in bursts),
        last=max(burst.last for burst in bursts),
        count=len(bursts),
        grade=grade,
        evidence=tuple(evidence[:100]),
        why=_why(rule, group, bursts),
        advice=advice_of(meta),
        references=meta.references,
    )


def _named(fields: tuple[str, ...], group: Mapping[str, str]) -> str:
    return next((group[name] for name in fields if group.get(name)), "")


def _why(rule: Correlation, group: Mapping[str, str], bursts: list[CorrelationMatch]) -> str:
    biggest = max(bursts, key=lambda burst: (burst.value, -burst.first))
    kind = rule.type.name.lower().removeprefix("extended_")
    span = f"within {rule.timespan_s} s"
    by = ", ".join(f"{name} {value!r}" for name, value in group.items())
    measured = f"{kind} reached {biggest.value:g}" if rule.bounds else f"{kind} held"
    return f"{measured} {span}" + (f" for {by}" if by else "")


def confidence_of(meta: Meta) -> Confidence:
    """As the rule states; else by its status: what its authors call stable is sure."""
    if meta.confidence:
        return Confidence(meta.confidence)
    if meta.status == "stable":
        return Confidence.HIGH
    return Confidence.LOW if meta.status in {"deprecated", "unsupported"} else Confidence.MEDIUM


def grade_of(rule: Rule) -> Grade:
    """As the rule states; else a request or a refused logon is an attempt, a deed is not."""
    if rule.meta.grade:
        return Grade(rule.meta.grade)
    if rule.logsource.category in {"webserver", "proxy"}:
        return Grade.ATTEMPT
    events = set(_event_ids(rule.condition))
    return Grade.ATTEMPT if events and events <= REFUSED_LOGONS else Grade.SUCCESS


def _event_ids(node: Node) -> Iterator[float]:
    """The event ids that the condition asks for."""
    if isinstance(node, And | Or):
        for arg in node.args:
            yield from _event_ids(arg)
    elif isinstance(node, Number) and node.field == "EventID":
        yield node.value


def advice_of(meta: Meta) -> str:
    """The rule's advice; else what its authors say may explain it innocently."""
    if meta.advice:
        return meta.advice
    known = [text for text in meta.falsepositives if text.lower() not in {"unknown", "none"}]
    return f"Rule out: {'; '.join(known)}" if known else ""


def _id(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def order(finding: Finding) -> tuple[int, str, str, str, str]:
    """Full sort key: time (unknown last), server, rule, account, id."""
    time = NO_TIME if finding.first is None else finding.first
    return time, finding.server, finding.rule, finding.account, finding.id
