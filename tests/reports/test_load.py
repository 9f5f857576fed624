"""Reading results back: without loss, and with a clear word for everything that is wrong."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.errors import ContentError, EvidenceError
from exward.model.finding import Evidence, Finding
from exward.model.skipped import Skipped
from exward.reports import load as load_module
from exward.reports.jsonl import render
from exward.reports.load import load, read_result
from tests.reports.hostile_result import as_written, hostile_result
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result

NUMBERS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.none() | NUMBERS
EVIDENCE = st.builds(
    Evidence, position=NUMBERS, time=TIMES, fields=st.dictionaries(st.text(), st.text())
)
FINDINGS = st.builds(
    Finding, first=TIMES, last=TIMES, count=NUMBERS, evidence=st.lists(EVIDENCE).map(tuple)
)


def _saved(result):
    return [line.encode() for line in render(result)]


def _unannounced():
    """The lines of a small result whose writer did not know how many there would be."""
    first, *rest = _saved(clean_case())
    head = orjson.loads(first)
    del head["lines"]
    return [orjson.dumps(head), *rest]


def _changed(number, **changes):
    """The lines of a small result; in line `number` (from 0) some values are others."""
    lines = _saved(clean_case())
    lines[number] = orjson.dumps(orjson.loads(lines[number]) | changes) + b"\n"
    return lines


def _number_of(kind):
    return next(
        number for number, line in enumerate(_saved(clean_case()))
        if orjson.loads(line)["type"] == kind
    )  # fmt: skip


@pytest.mark.parametrize("make", [clean_case, empty_result, large_result])
def test_nothing_is_lost(make, tmp_path):
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"".join(_saved(make())))
    assert load(path) == make()


@pytest.mark.parametrize("make", [sample_result, hostile_result])
def test_lone_surrogates_come_back_as_escapes_and_stay_so(make):
    loaded = read_result(_saved(make()), "x")
    assert loaded == as_written(make())
    assert _saved(loaded) == _saved(make())


@given(st.lists(FINDINGS, max_size=3))
def test_every_finding_comes_back(findings):
    result = replace(empty_result(), findings=tuple(findings))
    assert read_result(_saved(result), "x") == result


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("finding", {"severity": "dire\x1b[2J"}, r"Invalid enum value 'dire\\x1b\[2J'"),
        ("finding", {"count": "many"}, r"Expected `int`, got `str` - at `\$.count`"),
        ("finding", {"count": 1e300}, r"Expected `int`"),
        ("finding", {"first": 5}, r"`first` is not a time"),
        ("finding", {"first": "yesterday"}, r"`first`: not a time"),
        ("finding", {"evidence": [{"file": "a", "position": 1, "time": "no"}]}, r"`time`"),
        ("finding", {"evidence": [5]}, r"Expected `object`, got `int`"),
        ("finding", {"evidence": {}}, r"Expected `array`, got `object`"),
        ("finding", {"techniques": ["T1190", None]}, r"Expected `str`, got `null`"),
        ("finding", {"schema": 2}, "`schema` is 2, this version of exward reads 1"),
        ("finding", {"schema": True}, "`schema` is True"),
        ("finding", {"schema": "\x1b" * 1000}, r"`schema` is \\x1b"),
        ("finding", {"type": None}, "no `type`"),
        ("finding", {"type": "run"}, "a second `run`"),
        ("verdict", {"verdict": "fine"}, "Invalid enum value 'fine'"),
        ("incident", {"steps": [{"stage": "impact"}]}, "missing required field"),
        ("coverage", {"gaps": [{"start": 1, "end": 2}]}, "`start` is not a time"),
        ("coverage", {"kind": 7}, "no `type`"),
        ("run", {"started": None}, r"Expected `int`, got `null`"),
        ("run", {"lines": "7"}, "`lines` is not a number"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(kind, changes, words):
    number = _number_of(kind)
    with pytest.raises(ContentError, match=words) as caught:
        read_result(_changed(number, **changes), "r.jsonl")
    assert caught.value.where == f"r.jsonl:{number + 1}"
    assert caught.value.hint
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b"5", b"\xff\xfe", b'"\\ud800"', b"[" * 100_000, b"{}", b'{"a":NaN}']
)
def test_a_line_that_is_no_object_is_named(line):
    lines = [*_saved(clean_case())[:3], line]
    with pytest.raises(ContentError) as caught:
        read_result(lines, "r.jsonl")
    assert caught.value.where == "r.jsonl:4"


def test_blank_lines_are_no_objects():
    lines = _saved(clean_case())
    assert read_result([b"\n", *lines, b"\r\n"], "x") == clean_case()


def test_a_file_that_was_cut_off_is_noticed():
    lines = _saved(clean_case())
    with pytest.raises(ContentError, match=f"{len(lines) - 1} objects .* had {len(lines)}"):
        read_result(lines[:-1], "r.jsonl")


@pytest.mark.parametrize("lines", [[], [b"\n"], _saved(clean_case())[1:]])
def test_no_run_is_no_result(lines):
    with pytest.raises(ContentError, match="no `run`"):
        read_result(lines, "r.jsonl")


def test_a_writer_that_does_not_announce_lines_is_trusted():
    assert read_result(_unannounced(), "x") == clean_case()


def test_unknown_types_are_left_out_and_said():
    lines = _unannounced()
    message = orjson.dumps({"type": "message", "schema": 1, "subject": "x"})
    odd = orjson.dumps({"type": "coverage", "kind": "moon", "schema": 1})
    loaded = read_result([*lines, message, odd, message], "r.jsonl")
    said = tuple(
        Skipped("r.jsonl", line, f"objects of type '{name}' are not known to this version", count)
        for name, line, count in (
            ("coverage/moon", len(lines) + 2, 1),
            ("message", len(lines) + 1, 2),
        )
    )
    assert loaded == replace(clean_case(), skipped=(*clean_case().skipped, *said))


def test_many_unknown_types_are_counted_together():
    lines = _unannounced()
    odd = [orjson.dumps({"type": f"kind{number}", "schema": 1}) for number in range(1000)]
    said = read_result([*lines, *odd], "x").skipped[len(clean_case().skipped) :]
    assert len(said) == load_module.MAX_UNKNOWN_TYPES + 1
    assert sum(one.count for one in said) == 1000


def test_fields_of_a_later_version_are_left_alone():
    number = _number_of("finding")
    assert read_result(_changed(number, novelty={"a": [1]}), "x") == clean_case()


def test_a_byte_order_mark_is_no_content(tmp_path):
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(_saved(clean_case())))
    assert load(path) == clean_case()


def test_what_powershell_makes_of_it_is_explained(tmp_path):
    path = tmp_path / "result.jsonl"
    path.write_bytes("".join(render(clean_case())).encode("utf-16"))
    with pytest.raises(ContentError, match=r"UTF-16.*--output"):
        load(path)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(EvidenceError, match="cannot be read"):
        load(tmp_path / "none.jsonl")
    with pytest.raises(EvidenceError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("limit", ["MAX_LINE_BYTES", "MAX_FILE_BYTES"])
def test_sizes_are_bounded(limit, tmp_path, monkeypatch):
    monkeypatch.setattr(load_module, limit, 1000)
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"".join(_saved(sample_result())))
    with pytest.raises(ContentError, match="larger than a result may be"):
        load(path)


@given(st.data())
def test_never_raises_anything_else_whatever_is_changed(data):
    lines = _saved(clean_case())
    number = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, len(lines[number])))
    end = data.draw(st.integers(start, min(start + 20, len(lines[number]))))
    lines[number] = lines[number][:start] + data.draw(st.binary(max_size=5)) + lines[number][end:]
    with suppress(ContentError):
        # What is read is complete: a line is an object of the result, or said to be left out.
        assert len(_saved(read_result(lines, "x"))) == len(lines)
