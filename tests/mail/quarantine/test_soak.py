"""A short run of the soak: nothing is lost or there twice while everything is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail import postfix

SOAK = Path(__file__).parents[3] / "benchmarks" / "mail_soak.py"


@pytest.mark.skipif(not postfix.is_possible(), reason="needs Postfix and root")
def test_nothing_is_lost_or_there_twice():
    ended = subprocess.run(
        [sys.executable, str(SOAK), "--messages", "40", "--seed", "2"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("| taking in; ") >= 2
