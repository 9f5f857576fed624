"""Correlations from the YAML of a rule file to their matches."""

from __future__ import annotations

import pytest
import yaml

from exward.model.finding import Evidence
from exward.rules.correlate import correlate, problem
from exward.rules.hits import CorrelationMatch, Hit
from exward.rules.sigma_loader import Located, build

RULES = """
title: Failed log-on
id: 11111111-1111-4111-8111-111111111111
name: failed
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4625}, condition: selection}
---
title: Log-on
id: 22222222-2222-4222-8222-222222222222
name: succeeded
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4624}, condition: selection}
---
title: Service account log-on
id: 33333333-3333-4333-8333-333333333333
name: service
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4624, LogonType: 5}, condition: selection}
"""

MANY = """
name: many
correlation:
  type: event_count
  rules: failed
  group-by: TargetUserName
  timespan: 1m
  condition: {gte: 3}
"""

CASES = {
    "count": (MANY, "f@0:eve f@20:eve f@40:Eve f@41:bob", ["many 0-40 eve 3"]),
    "chain": (
        MANY
        + """
---
name: broken-in
correlation:
  type: temporal_ordered
  rules: [many, succeeded]
  group-by: [TargetUserName]
  timespan: 10m
""",
        "f@0:eve f@1:eve f@2:eve s@300:eve s@301:bob",
        ["broken-in 2-300 eve 2", "many 0-2 eve 3"],
    ),
    "spray": (
        """
name: spray
correlation:
  type: value_count
  rules: [failed]
  timespan: 5m
  condition: {field: TargetUserName, gt: 2}
""",
        "f@0:a f@1:b f@2:B f@3:c",
        ["spray 0-3 - 4"],
    ),
    "expression": (
        """
name: unusual
correlation:
  type: temporal
  group-by: [TargetUserName]
  timespan: 1m
  condition: failed and succeeded and not service
""",
        "f@0:eve s@1:eve f@2:bob s@3:bob v@50:bob",
        ["unusual 0-1 eve 2"],
    ),
    "alias": (
        """
name: relay
correlation:
  type: temporal
  rules: [failed, succeeded]
  aliases: {who: {failed: TargetUserName, succeeded: SubjectUserName}}
  group-by: [who]
  timespan: 1m
""",
        "f@0:eve s@1:eve",
        [],
    ),
    "range": (
        """
name: few
correlation:
  type: event_count
  rules: [failed]
  timespan: 1m
  condition: {gte: 2, lt: 4}
""",
        "f@0:a f@1:a f@100:a f@101:a f@102:a f@103:a",
        ["few 0-1 - 2"],
    ),
}
LETTERS = {"f": "1", "s": "2", "v": "3"}


def hits(text: str) -> list[Hit]:
    """`f@0:eve` is a failed log-on of eve at second 0."""
    result = []
    for word in text.split():
        kind, rest = word.split("@")
        second, user = rest.split(":")
        digit, time = LETTERS[kind], int(second) * 1_000_000
        rule = f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}"
        result.append(Hit(rule, time, "EX1", {"TargetUserName": user}, Evidence("f", 0, time)))
    return result


@pytest.mark.parametrize("name", CASES)
def test_from_yaml_to_match(name: str) -> None:
    text, given, expected = CASES[name]
    documents = [*yaml.safe_load_all(RULES), *yaml.safe_load_all(text)]
    titled = [{"title": document.get("name"), **document} for document in documents]
    loaded = build([Located("test.yml", 1, document) for document in titled], {})
    assert loaded.unusable == ()
    assert [problem(entry) for entry in loaded.correlations] == [""] * len(loaded.correlations)
    names = {entry.meta.id: entry.meta.name for entry in loaded.correlations}
    found = []
    for match in correlate(loaded.correlations, hits(given)):
        assert isinstance(match, CorrelationMatch)
        first, last = match.first // 1_000_000, match.last // 1_000_000
        group = ",".join(value for _, value in match.group) or "-"
        found.append(f"{names[match.rule]} {first}-{last} {group} {match.hits}")
    assert sorted(found) == expected
