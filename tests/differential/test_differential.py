"""The engine, with its literal search and its compiled tests, against the slow evaluator."""

from __future__ import annotations

import yaml
from hypothesis import HealthCheck, given, settings

from exward.rules.single import matches_fast
from tests.differential import generate, slow_sigma


@settings(
    max_examples=1500,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(generate.pairs())
def test_generated_rules_and_records(pair: tuple[dict, dict]) -> None:
    rule, fields = pair
    text = yaml.safe_dump(rule, allow_unicode=True, sort_keys=False)
    written = yaml.safe_load(text)
    expected = slow_sigma.matches(written, fields, slow_sigma.search_text(fields))
    assert matches_fast(text, dict(fields)) is expected
