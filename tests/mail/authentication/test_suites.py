"""The script that runs public suites, on small suites of the same form made here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.mail.authentication.chains import DOMAIN, MESSAGE, SELECTOR, Hop, chain, record

SCRIPT = Path(__file__).parents[3] / "scripts" / "authentication_suites.py"
KEYS = {f"{SELECTOR}._domainkey.{DOMAIN}": record().decode()}
ARC: dict[str, Any] = {
    "description": "chains",
    "txt-records": KEYS,
    "tests": {
        "whole": {"message": chain(Hop(), Hop()), "cv": "Pass"},
        "changed": {"message": chain(Hop()).replace("Hello", "Hallo"), "cv": "Fail"},
        "none": {"message": MESSAGE, "cv": "None"},
    },
}
SPF: dict[str, Any] = {
    "description": "senders",
    "zonedata": {"a.example": [{"SPF": "v=spf1 ip4:192.0.2.1 -all"}]},
    "tests": {
        "named": {"host": "192.0.2.1", "helo": "x", "mailfrom": "u@a.example", "result": "pass"},
        "other": {"host": "192.0.2.2", "helo": "x", "mailfrom": "u@a.example",
                  "result": ["fail", "softfail"]},
    },
}  # fmt: skip


def run(tmp_path, suite):
    file = tmp_path / "suite.yml"
    file.write_text(yaml.safe_dump(suite))
    command = [sys.executable, str(SCRIPT), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("suite", "count"), [(ARC, 3), (SPF, 2)])
def test_all_are_right(tmp_path, suite, count):
    ended = run(tmp_path, suite)
    assert (ended.returncode, ended.stdout) == (0, f"{count} of {count} cases are right\n")


def test_one_that_differs_is_named(tmp_path):
    wrong = {**ARC, "tests": {"whole": {**ARC["tests"]["whole"], "cv": "Fail"}}}
    ended = run(tmp_path, wrong)
    assert ended.returncode == 1
    assert "chains: whole: pass, not fail" in ended.stdout
