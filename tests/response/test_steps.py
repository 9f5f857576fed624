"""Every step against its table `steps/ID.yml`: evidence, and the lines that have to follow.

`lines` empty: this evidence is no reason for the step.
"""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from exward.response.forms import powershell
from exward.response.plan import Phase
from exward.response.planning import make_plan
from exward.response.steps.registry import steps
from tests.collector.powershell import errors
from tests.response.made_result import finding, outcome, result
from tests.response.understood import understood

TABLES = Path(__file__).parent / "steps"
ALL = steps()
IDS = [step.ID for step in ALL]


def rows():
    for path in sorted(TABLES.glob("*.yml")):
        for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            yield pytest.param(path.stem, entry, id=f"{path.stem}-{number}")


TABLE_ROWS = list(rows())


def made(entry):
    entry = deepcopy(entry)
    findings = [
        finding(one.pop("fields", {}), **one, id=f"f{number}")
        for number, one in enumerate(entry.get("findings", ()))
    ]
    outcomes = [outcome(**one) for one in entry.get("outcomes", ())]
    return result(findings, outcomes, entry.get("verdict", ""), entry.get("missing", ()))


@pytest.mark.parametrize(("step", "entry"), TABLE_ROWS)
def test_the_evidence_gives_these_lines(step, entry):
    plan = make_plan(made(entry))
    own = [one for one in plan.steps if one.id == step]
    text = "\n".join(line for one in own for line in powershell._step(one))
    assert bool(own) == bool(entry["lines"])
    assert [line for line in entry["lines"] if line not in text.split("\n")] == []
    assert all(one.action.reasons for one in own)


def test_every_step_has_a_table_with_a_case_for_and_one_against():
    for step in ALL:
        entries = yaml.safe_load((TABLES / f"{step.ID}.yml").read_text("utf-8"))
        assert {bool(entry["lines"]) for entry in entries} == {True, False}, step.ID
    assert {path.stem for path in TABLES.glob("*.yml")} == set(IDS)


@pytest.mark.parametrize("step", ALL, ids=IDS)
def test_a_step_says_what_all_steps_promise(step):
    module = str(step.__name__)
    assert module.rpartition(".")[2].replace("_", "-") == step.ID
    assert step.TITLE[0].isupper()
    assert not step.TITLE.endswith(".")
    assert step.EFFECT.endswith(".")
    assert step.BREAKS.endswith((".", "?"))


@pytest.mark.parametrize("step", ALL, ids=IDS)
def test_what_a_step_needs_comes_before_it(step):
    assert set(step.AFTER) <= set(IDS)
    assert all(IDS.index(needed) < IDS.index(step.ID) for needed in step.AFTER)


def test_without_evidence_there_is_nothing_to_do():
    for verdict in ("clean", "cannot-tell", "exposed", ""):
        assert make_plan(result(verdict=verdict)).steps == ()


def test_no_phase_is_left_without_a_step():
    assert {step.PHASE for step in ALL} == set(Phase)


@pytest.mark.parametrize(("step", "entry"), TABLE_ROWS)
def test_commands_are_whole_powershell(step, entry):
    for one in make_plan(made(entry)).steps:
        for line in (*one.action.preview, *one.action.change, *one.action.undo):
            assert errors(understood(line)) == [], line
