"""What functions and loops make of constants is computed, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from exward.webshells.blocks import JSCRIPT, VB
from exward.webshells.interpreter import Interpreter
from exward.webshells.objects import Known
from exward.webshells.values import Constant

MADE: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("decoders.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MADE)
def test_what_is_hidden_is_made_readable(name: str) -> None:
    assert _computed(MADE[name]["language"], MADE[name]["code"]) == "eval"


@pytest.mark.parametrize(
    "code",
    [
        'Function f(a)\nf=Chr(Asc(a))&Request("b")\nEnd Function\nx=f("a")',
        'Function f(a)\nf=Chr(Asc(a)+Rnd)\nEnd Function\nx=f("a")',
        'Function f(a)\nf=Chr(Asc(a))\nEnd Function\nx=f(Request("a"))',
        'Function f(a)\nDo\nf=Chr(Asc(a))\nLoop\nEnd Function\nx=f("a")',
        'Function f(a)\nf=Chr(Asc(a))&f(a)\nEnd Function\nx=f("a")',
        'Function f(a)\nFor i=1 To 99\na=a & Mid(a,1)\nNext\nf=Chr(99)&a\nEnd Function\nx=f("a")',
        'Function f(a)\nf=Chr(2^9999)&Mid(a,1)\nEnd Function\nx=f("a")',
        'Function f(a)\nf=Chr(1/0)&Mid(a,1)\nEnd Function\nx=f("a")',
    ],
)
def test_what_is_not_known_or_does_not_end_is_not_computed(code: str) -> None:
    assert _computed(VB, code) is None


@pytest.mark.parametrize(
    "part", ["if(a)", "(", "-", "{", "for(;;)", "a?b:", "do ", "switch(a){", "!"]
)
def test_loops_nested_however_deep_are_bounded(part: str) -> None:
    known = Known()
    Interpreter(f"while(a[0].charAt(1)){part * 3000}", JSCRIPT, known).run()
    assert known.budget.left > 0


@pytest.mark.parametrize("code", ["while(a.charAt(1))", "for(i=0;i<a.charAt(1);i++)", "do"])
def test_code_that_ends_where_a_loop_begins_is_read(code: str) -> None:
    assert Interpreter(f'a="b";c=a.charAt(0);{code}', JSCRIPT, Known()).run() == ()


def _computed(language: str, code: str) -> Constant:
    reader = Interpreter(code, language, Known())
    reader.run()
    return reader.scope.shared["x"].constant
