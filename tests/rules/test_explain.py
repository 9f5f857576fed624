"""The sentence that says why a record matched."""

from __future__ import annotations

import pytest

from exward.rules.explain import reasons, sentence
from exward.rules.folding import Folded
from exward.rules.ir import (
    STAR,
    And,
    Cidr,
    Compare,
    Like,
    Node,
    Not,
    Null,
    Number,
    Or,
    Regex,
)

RECORD = {"Image": "C:\\Windows\\cmd.exe", "CommandLine": "cmd /c WhoAmI & ipconfig", "N": 7}


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Like("Image", (STAR, "\\cmd.exe")), "Image ends with '\\cmd.exe'"),
        (Like("Image", ("C:\\", STAR)), "Image starts with 'C:\\'"),
        (Like("CommandLine", (STAR, "whoami", STAR)), "CommandLine contains 'whoami'"),
        (Like("CommandLine", ("c", STAR, "g")), "CommandLine is like 'c*g'"),
        (Like(None, ("whoami",)), "the record contains 'whoami'"),
        (Regex("CommandLine", "(?i)who.{3}"), "CommandLine holds 'WhoAmI'"),
        (Regex("CommandLine", "WHO", "i"), "CommandLine holds 'Who'"),
        (Number("N", 7), "N is 7"),
        (Compare("N", "gte", 5), "N ≥ 5"),
        (Null("X"), "X is absent"),
        (Cidr("N", "10.0.0.0/8"), ""),
        (Not(Null("X")), ""),
        (
            And((Number("N", 7), Or((Like("Image", ("x",)), Like("Image", (STAR, ".exe")))))),
            "N is 7 and Image ends with '.exe'",
        ),
    ],
)
def test_sentence(node: Node, expected: str) -> None:
    assert sentence(reasons(node, Folded(dict(RECORD)))) == expected


def test_long_findings_are_cut_and_few() -> None:
    record = Folded({f"f{n}": "x" * 500 for n in range(20)})
    found = reasons(And(tuple(Regex(f"f{n}", "x+") for n in range(20))), record)
    assert len(found) == 6
    assert all(len(reason.test) < 100 for reason in found)
