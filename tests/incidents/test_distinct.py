"""Two rules that match one record prove one thing."""

from __future__ import annotations

from dataclasses import replace

from exward.incidents.distinct import acts
from exward.model.finding import Evidence, Finding
from tests.incidents.cases import finding


def at(name: str, *positions: int) -> Finding:
    places = tuple(Evidence("a.evtx", position, None) for position in positions)
    return replace(finding(name, rule=name), evidence=places)


def test_acts() -> None:
    assert acts(()) == 0
    assert acts((at("a", 1), at("b", 2))) == 2
    assert acts((at("a", 1), at("b", 1))) == 1
    assert acts((at("a", 1), at("a", 9))) == 1
    assert acts((at("a", 1, 2), at("b", 2, 3), at("c", 3), at("d", 4))) == 2
