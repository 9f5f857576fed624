"""The configuration that set-up writes gives no finding: neither IIS's nor Exchange's.

The samples are shortened; which modules, handlers, paths, pools and agents there are is that of
Exchange 2019 on Windows Server 2019 (Microsoft's HealthChecker test data; Microsoft Learn, "Default
settings for Exchange virtual directories", "Transport agents in Exchange Server").
"""

from __future__ import annotations

from pathlib import Path

import pytest

from exward.rules import single

STOCK = sorted((Path(__file__).parent / "stock").iterdir())


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "rule-cache"))


@pytest.mark.parametrize("path", STOCK, ids=lambda path: path.name)
def test_nothing_is_said_of_it(path: Path):
    assert single.count_hits([], builtin=True, evidence=path) == {}
