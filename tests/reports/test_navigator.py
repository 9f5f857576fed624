"""The ATT&CK layer: valid ids only, worst severity decides, sub-techniques unfolded."""

from __future__ import annotations

import re
from dataclasses import replace

import orjson
import pytest

from exward.model.severity import Severity
from exward.reports.navigator import COLOURS, MAX_NAMES, render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result

# From the layer format 4.5 (spec/v4.5/layerformat.md of mitre-attack/attack-navigator).
LAYER = {"versions", "name", "description", "domain", "filters", "sorting", "layout",
         "hideDisabled", "techniques", "gradient", "legendItems", "showTacticRowBackground",
         "tacticRowBackground", "selectTechniquesAcrossTactics", "selectSubtechniquesWithParent",
         "selectVisibleTechniques", "metadata", "links", "customDataURL"}  # fmt: skip
TECHNIQUE = {"techniqueID", "tactic", "comment", "enabled", "score", "color", "metadata", "links",
             "showSubtechniques"}  # fmt: skip


def _layer(result):
    return orjson.loads("".join(render(result)))


def _techniques(result):
    return {one["techniqueID"]: one for one in _layer(result)["techniques"]}


def _with(*changes):
    finding = clean_case().findings[0]
    return replace(clean_case(), findings=tuple(replace(finding, **one) for one in changes))


@pytest.mark.parametrize(
    "make", [clean_case, sample_result, hostile_result, empty_result, large_result]
)
def test_is_a_layer_of_the_format(make):
    layer = _layer(make())
    assert set(layer) <= LAYER
    assert layer["domain"] == "enterprise-attack"
    assert layer["versions"]["layer"] == "4.5"
    assert layer["gradient"]["minValue"] < layer["gradient"]["maxValue"]
    ids = [one["techniqueID"] for one in layer["techniques"]]
    assert ids == sorted(set(ids))
    for one in layer["techniques"]:
        assert set(one) <= TECHNIQUE
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", one["techniqueID"], re.ASCII)
        assert all(isinstance(item["value"], str) for item in one.get("metadata", ()))
    assert all(isinstance(item["value"], str) for item in layer["metadata"])


def test_the_gradient_has_the_colour_of_each_severity_at_its_base_score():
    layer = _layer(clean_case())
    low, high = layer["gradient"]["minValue"], layer["gradient"]["maxValue"]
    step = (high - low) / (len(layer["gradient"]["colors"]) - 1)
    for severity in Severity:
        base = _techniques(_with({"severity": severity, "count": 1}))["T1190"]["score"]
        assert layer["gradient"]["colors"][round((base - low) / step)] == COLOURS[severity]
        assert (base - low) % step == 0


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ([{"severity": Severity.HIGH, "count": 1}], 70),
        ([{"severity": Severity.HIGH, "count": 4}], 72),
        ([{"severity": Severity.HIGH, "count": 10**12}], 79),
        ([{"severity": Severity.HIGH, "count": 0}], 70),
        ([{"severity": Severity.HIGH, "count": -5}], 70),
        ([{"severity": Severity.LOW, "count": 3}, {"severity": Severity.CRITICAL, "count": 1}], 92),
    ],
)
def test_score(changes, score):
    assert _techniques(_with(*changes))["T1190"]["score"] == score


def test_the_parent_of_a_sub_technique_is_unfolded_without_a_score():
    techniques = _techniques(_with({"techniques": ("T1505.003",)}))
    assert techniques["T1505"] == {"techniqueID": "T1505", "showSubtechniques": True}
    assert techniques["T1505.003"]["comment"] == "ProxyShell path confusion request"


def test_findings_that_the_layer_cannot_show_are_counted():
    layer = _layer(_with({"techniques": ()}, {"techniques": ("bad",)}, {}))
    assert {"name": "findings without a technique", "value": "2"} in layer["metadata"]


def test_a_technique_named_twice_counts_once():
    technique = _techniques(_with({"techniques": ("T1190", "T1190"), "count": 1}))["T1190"]
    assert technique["score"] == 70


def test_comments_are_bounded_and_say_what_is_left_out():
    many = [{"title": f"{number:03} {'x' * 1000}"} for number in range(MAX_NAMES + 30)]
    comment = _techniques(_with(*many))["T1190"]["comment"]
    assert len(comment) < MAX_NAMES * 300
    assert comment.endswith("… and 30 more")
