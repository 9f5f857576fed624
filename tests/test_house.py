"""The limits of the house style that no linter checks: sizes and names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
USUAL_FUNCTION_LINES = 40
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def functions(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None and len(node.body) > 1
            start = node.body[0].end_lineno if documented else node.lineno - 1
            assert start is not None
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - start


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_small_and_named_for_what_it_holds(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= MAX_FILE_LINES
    assert path.stem not in SAY_NOTHING
    assert {name: n for name, n in functions(path) if n > MAX_FUNCTION_LINES} == {}


def test_nearly_all_functions_are_short():
    sizes = [lines for path in SOURCES for _, lines in functions(path)]
    assert sum(size <= USUAL_FUNCTION_LINES for size in sizes) / len(sizes) >= 0.95


def test_sizes_are_counted_without_the_docstring(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        'def f():\n    """One\n    two."""\n    a = 1\n    return a\n\ndef g():\n    pass\n'
    )
    assert dict(functions(path)) == {"f": 2, "g": 2}
