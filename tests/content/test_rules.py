"""The shipped rule pack: every rule is well formed, fires on its samples and only there."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from sigma.collection import SigmaCollection

from exward.model.stage import CHAIN
from exward.rules import library, safe_yaml
from exward.rules.lint import check
from exward.rules.regression import run

PACK = Path(str(resources.files("exward") / "content" / "rules"))
RULES = sorted(PACK.glob("*/*/rule.yml"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "rule-cache"))


def test_lint_has_nothing_to_say():
    assert list(check([str(PACK)])) == []


def test_every_rule_is_usable():
    loaded = library.load([], builtin=True)
    assert loaded.unusable == ()
    assert len(loaded.rules) + len(loaded.correlations) >= len(RULES) >= 250
    assert loaded.correlations


def test_every_sample_counts_as_it_should():
    cases = list(run(str(PACK), [], builtin=True))
    assert [case for case in cases if not case.passed] == []
    # Every rule has records that match and records that nearly do.
    kinds = Counter(Path(case.path).name.partition(".")[0] for case in cases)
    assert kinds["hit"] >= len(RULES)
    assert kinds["miss"] >= len(RULES)


def test_every_stage_of_the_chain_has_rules():
    stages = {path.parent.parent.name for path in RULES}
    assert stages >= {stage.value for stage in CHAIN}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_is_standard_sigma(path: Path):
    """Another engine's parser reads the rule without complaint."""
    parsed = SigmaCollection.from_yaml(path.read_text("utf-8"), collect_errors=True)
    assert parsed.errors == []
    assert len(parsed.rules) == len(safe_yaml.load_documents(path))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_samples_name_only_reserved_addresses(path: Path):
    """RFC 5737, 1918 and 2606: nobody's address or domain is accused by a sample."""
    for sample in path.parent.glob("[hm]i*.*"):
        text = sample.read_text("utf-8")
        assert "example" in text or "EX01" in text or sample.suffix in {".log", ".config"}
        assert not any(domain in text for domain in ("contoso.com", "outlook.com", "evil.com"))
