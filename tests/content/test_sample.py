"""The sample intrusion: reproducible, small, one story through the chain, quiet without it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest

from exward.model.severity import Severity
from exward.rules import library
from exward.rules.single import count_hits

SAMPLE = Path(str(resources.files("exward") / "content" / "sample"))
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
MAX_BYTES = 400_000


@pytest.fixture
def make_sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> ModuleType:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "rule-cache"))
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("make_sample")


def _stages_and_levels(folder: Path) -> Iterator[tuple[str, Severity]]:
    loaded = library.load([], builtin=True)
    metas = {rule.meta.id: rule.meta for rule in loaded.rules}
    metas |= {rule.meta.id: rule.meta for rule in loaded.correlations}
    for path in sorted(folder.iterdir()):
        for rule in count_hits([], True, path):
            yield metas[rule].stage, Severity(metas[rule].level)


def test_the_script_reproduces_the_shipped_files(make_sample: ModuleType, tmp_path: Path):
    make_sample.main(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SAMPLE.iterdir() if path.is_file()}
    assert made == shipped
    assert sum(map(len, shipped.values())) < MAX_BYTES


def test_the_story_goes_through_the_chain(make_sample: ModuleType):
    found = list(_stages_and_levels(SAMPLE))
    telling = {stage for stage, level in found if level.rank >= Severity.HIGH.rank}
    assert len({stage for stage, _ in found}) >= 10
    assert telling >= {
        "initial-access",
        "web-shell",
        "exploration",
        "enumeration",
        "account",
        "defence-evasion",
        "credential-access",
        "lateral-movement",
        "collection-exfiltration",
        "persistence",
    }


def test_the_same_morning_without_the_intruder_is_quiet(
    make_sample: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("intrusion_sample.attack.requests", lambda rng: iter(()))
    monkeypatch.setattr("intrusion_sample.attack.events", lambda: iter(()))
    make_sample.main(tmp_path)
    assert (tmp_path / "u_ex260303.log").stat().st_size > 100_000
    found = list(_stages_and_levels(tmp_path))
    # The scanner that every server sees is told, as an attempt of low severity; nothing else is.
    assert found == [("initial-access", Severity.LOW)]
