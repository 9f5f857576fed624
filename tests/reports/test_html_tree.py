"""The process tree: everyone once, below their parent, whatever the parents say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exward.model.finding import Grade
from exward.model.incident import Process
from exward.reports.html_tree import MAX_DEPTH, branches
from tests.reports.sample_result import clean_case


def _process(name: str, parent: str = "", image: str = "x.exe", **more) -> Process:
    return Process(name, parent, "EX01", 0, image, "", "", "", None, **more)


def test_children_stand_below_their_parents_and_siblings_keep_their_order():
    rows = branches(
        [_process("a"), _process("b", "a"), _process("e"), _process("c", "a"), _process("d", "b")],
        {},
    )
    assert [(row.process.id, row.depth) for row in rows] == [
        ("a", 0), ("b", 1), ("d", 2), ("c", 1), ("e", 0),
    ]  # fmt: skip


def test_the_strongest_grade_of_what_was_found_is_shown():
    findings = {finding.id: finding for finding in clean_case().findings}
    ids = tuple(findings)
    (row,) = branches([_process("a", findings=(*ids, "gone"))], findings)
    assert row.grade is Grade.SUCCESS
    assert branches([_process("a")], findings)[0].grade is None


def test_the_name_is_the_program_without_its_folder():
    images = [r"C:\Windows\cmd.exe", "/usr/bin/sh", "", "x\\"]
    rows = branches([_process(str(n), image=image) for n, image in enumerate(images)], {})
    assert [row.name for row in rows] == ["cmd.exe", "sh", "(unknown program)", "x\\"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_every_process_once_even_in_circles(pairs):
    processes = [_process(str(one), str(parent)) for one, parent in pairs]
    rows = branches(processes, {})
    assert sorted(row.process.id for row in rows) == sorted({str(one) for one, _ in pairs})
    assert all(0 <= row.depth <= MAX_DEPTH for row in rows)
