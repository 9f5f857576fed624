"""The page's data: valid JSON that cannot end its script element, bounded."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from exward.model.finding import Evidence
from exward.reports.html_data import (
    EXCERPT_BUDGET,
    MAX_FIELDS,
    MAX_FINDINGS,
    MAX_PLACES,
    MAX_VALUE,
    excerpt,
    json_chunks,
    linked,
)
from tests.reports.sample_result import HOSTILE, clean_case, sample_result


def test_hostile_values_stay_inside_their_element() -> None:
    result = sample_result()
    text = "".join(json_chunks(result.findings, result.incidents))
    assert not set("<>&") & set(text)
    assert text.encode()
    data = json.loads(text)
    assert len(data["findings"]) == len(result.findings)
    assert any(HOSTILE[3] in row[8] for row in data["findings"])


@given(st.text(), st.text(), st.integers(0, 2**70), st.integers())
def test_any_value_gives_valid_json(one: str, other: str, position: int, time: int) -> None:
    evidence = (Evidence(one, position, time, {other: one}),)
    finding = replace(clean_case().findings[0], title=one, evidence=evidence, first=time)
    text = "".join(json_chunks([finding], ()))
    assert not set("<>&") & set(text)
    assert json.loads(text)["findings"][0][9][0][1] == str(position)


def test_shared_values_are_written_once() -> None:
    finding = clean_case().findings[0]
    data = json.loads("".join(json_chunks([finding] * 500, ())))
    assert len(data["kinds"]) == 1
    assert len(data["files"]) == 1
    assert [row[0] for row in data["findings"]] == [0] * 500


def test_no_findings_is_valid_too() -> None:
    assert json.loads("".join(json_chunks((), ())))["findings"] == []


def test_excerpts_are_bounded_and_say_so() -> None:
    shown = excerpt({f"f{n}": "v" * 5000 for n in range(100)})
    assert len(shown) == MAX_FIELDS + 1
    assert shown[-1] == ("…", "76 more fields")
    assert shown[0][1] == "v" * MAX_VALUE + "… (4,400 more characters)"
    assert excerpt({"ScriptBlockText": "a\n\tb\x1b"}) == [("ScriptBlockText", "a\n\tb\\x1b")]


def test_findings_places_and_all_excerpts_together_are_bounded() -> None:
    fields = {f"field{n}": f"{n}" * 600 for n in range(24)}
    many = tuple(Evidence("a", n, None, fields) for n in range(50))
    finding = replace(clean_case().findings[0], evidence=many)
    data = json.loads("".join(json_chunks([finding] * 200, ())))
    places = data["findings"][0][9]
    assert len(places) == MAX_PLACES
    excerpts = [place[3] for row in data["findings"] for place in row[9] if place[3] is not None]
    size = sum(len(name) + len(value) for one in excerpts for name, value in one)
    assert 0 < size <= EXCERPT_BUDGET
    assert data["findings"][-1][9][0][3] is None
    plain = replace(finding, evidence=())
    lines = sum(1 for _ in json_chunks([plain] * (MAX_FINDINGS + 5), ()))
    assert lines == MAX_FINDINGS + 2


def test_links_are_decided_here() -> None:
    assert linked(["javascript:x", "https://a.example/"]) == [
        ("javascript:x", ""), ("https://a.example/", "https://a.example/"),
    ]  # fmt: skip
    assert linked(["T1190", "<b>"], techniques=True)[0][1].endswith("/T1190/")
