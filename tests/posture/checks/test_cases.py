"""Every check against its own table, `cases/ID.yml`.

A case has a `name`, what it reads (`build`, `areas`, `keys`; a key that is null was looked for and
does not exist), the `status` that must come out, and where it matters `severity` and `words` of
the reason. Areas were collected on 2026-11-26 unless `collected` says otherwise (null: not known).
`malformed` marks values that no server writes.
"""

from pathlib import Path

import pytest
import yaml

from exward.model.outcome import Status
from exward.model.posture import Precision
from exward.posture import build as builds
from exward.posture import plain
from exward.posture.checks.registry import checks
from exward.posture.data import Data
from exward.posture.inventory import Area, BuildReading, Inventory, Key
from exward.posture.row import Row
from tests.posture.checks.inventories import with_files

FOLDER = Path(__file__).parent / "cases"
CHECKS = {check.ID: check for check in checks()}
FILES = sorted(FOLDER.glob("*.yml"))
TABLES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FILES}
CASES = [
    pytest.param(check, case, id=f"{check}: {case['name']}")
    for check, cases in TABLES.items()
    for case in cases
]
MEMBERS = {
    "name", "status", "severity", "words", "build", "cu-only", "areas", "keys", "collected",
    "malformed",
}  # fmt: skip


def inventory_of(case):
    collected = plain.moment(case.get("collected", "2026-11-26T00:00:00Z"))
    precision = Precision.CU_ONLY if case.get("cu-only") else Precision.EXACT
    number = builds.parse(case.get("build"))
    reading = () if number is None else (BuildReading(number, precision, "test", "x.json"),)
    return Inventory(
        "EX01.contoso.example",
        reading,
        {
            name.lower(): Area(Data(value), f"{name}.json", collected)
            for name, value in with_files(case.get("areas", {})).items()
        },
        {
            path.lower(): Key(values is not None, Row(values or {}))
            for path, values in case.get("keys", {}).items()
        },
    )


@pytest.mark.parametrize(("check", "case"), CASES)
def test_what_decides(check, case):
    assert set(case) <= MEMBERS
    answer = CHECKS[check].judge(inventory_of(case))
    assert answer.status == case["status"], answer.reason
    assert case.get("words", "") in answer.reason
    if "severity" in case:
        assert answer.severity == case["severity"]


@pytest.mark.parametrize("check", TABLES)
def test_a_table_has_every_kind_of_case(check):
    cases = TABLES[check]
    assert {Status.PASS, Status.FAIL, Status.UNKNOWN} <= {case["status"] for case in cases}
    assert any(case.get("malformed") for case in cases)
    assert len({case["name"] for case in cases}) == len(cases)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_tests_of_its_own(check):
    module = Path(__file__).parent / f"test_{check.replace('-', '_')}.py"
    assert check in TABLES or module.is_file()
