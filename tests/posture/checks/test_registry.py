"""What every check promises, held against all of them."""

import inspect
import re
from pathlib import Path

import pytest

from exward.model.outcome import Status
from exward.posture.checks.interface import Fix
from exward.posture.checks.registry import ask
from exward.posture.checks.registry import checks as all_checks
from exward.posture.data import Data
from exward.posture.inventory import Area, Inventory, Key
from exward.posture.row import Row

DOCUMENT = (Path(__file__).parents[3] / "docs" / "collector.md").read_text("utf-8")
AREAS = {
    name
    for line in DOCUMENT.splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`([\w-]+)`", line.split("|")[1])
} | {"registry", "iis-config", "build"}
HOSTILE: tuple[object, ...] = (
    None,
    "x",
    3,
    -1.5,
    True,
    [],
    [[]],
    ["@{a=b}"],
    {},
    {"Name": {}},
    [{"Name": ["x"]}],
)
# Neither an empty list nor anything that a check could know.
GARBAGE: tuple[object, ...] = (
    "x", 3, True, ["@{a=b}"], "System.Object[]", [[]], [{"Name": ["x"]}], [{}], {"Name": {}},
)  # fmt: skip
EVERY = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.ID)


@EVERY
def test_the_id_is_the_name_of_the_file(check):
    assert Path(inspect.getfile(check)).stem == check.ID.replace("-", "_")


@EVERY
def test_no_evidence_is_never_an_answer(check):
    assert check.judge(Inventory("EX01")).status in {Status.UNKNOWN, Status.NOT_APPLICABLE}


@EVERY
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_hostile_values_never_raise(check, value):
    keys = {path.lower() for path in re.findall(r"HKLM\\[\w\\. ]+", inspect.getsource(check))}
    inventory = Inventory(
        "EX01",
        areas={area.lower(): Area(Data(value), "x.json") for area in AREAS},
        registry={key: Key(True, Row({"Enabled": value})) for key in keys},
    )
    answer = check.judge(inventory)
    assert answer.status in set(Status)
    assert answer.reason


@EVERY
@pytest.mark.parametrize("value", GARBAGE, ids=repr)
def test_what_cannot_be_read_is_never_a_pass(check, value):
    keys = {path.lower() for path in re.findall(r"HKLM\\[\w\\. -]+", inspect.getsource(check))}
    inventory = Inventory(
        "EX01",
        areas={area.lower(): Area(Data(value), "x.json", 1) for area in AREAS},
        registry={key: Key(True, Row({"Enabled": value})) for key in keys},
    )
    assert check.judge(inventory).status is not Status.PASS


@EVERY
def test_what_people_need_is_said(check):
    assert all(
        isinstance(text, str) and text.strip()
        for text in (check.TITLE, check.GOOD, check.WHY, check.FIX.change, check.FIX.preview)
    )
    assert isinstance(check.FIX, Fix)
    assert check.FIX.undo
    assert check.SOURCES
    assert all(source.startswith("https://") for source in check.SOURCES)


@EVERY
def test_what_is_read_is_in_the_collectors_contract(check):
    assert check.READS
    assert set(check.READS) <= AREAS


def test_ids_are_unique_and_sorted():
    ids = [check.ID for check in all_checks()]
    assert ids == sorted(set(ids))
    assert len(ids) == len(list(ask(Inventory("EX01"))))


def test_a_check_that_breaks_says_unknown(monkeypatch):
    check = all_checks()[0]
    monkeypatch.setattr(check, "judge", lambda inventory: 1 / 0)
    outcome = next(iter(ask(Inventory("EX01"))))
    assert (outcome.status, outcome.check) == (Status.UNKNOWN, check.ID)
    assert "ZeroDivisionError" in outcome.reason
