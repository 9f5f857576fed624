"""Fixtures that every test may use."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the unpacked corpora `evtx-dev` and `sigmahq-rules`."""
    if not CORPORA.is_dir():
        message = f"no test corpora beside the project ({CORPORA})"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    target = tmp_path_factory.mktemp("corpora")
    for name in ("evtx-dev", "sigmahq-rules"):
        with tarfile.open(CORPORA / f"{name}.tar.xz") as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(target / name, filter="data")
            else:  # Debian 12's own Python 3.11.2
                archive.extractall(target / name)
    return target
