"""Places as people read them."""

from __future__ import annotations

from exward.incidents.words import told
from tests.incidents.cases import finding


def test_a_long_path_is_told_by_its_end() -> None:
    place = "/cases/2026/" + "x" * 80 + "/Logging/CmdletInfra/Rps_Cmdlet_2026030306-1.LOG"
    text = told(finding("r", file=place))
    assert "…/Logging/CmdletInfra/Rps_Cmdlet_2026030306-1.LOG:" in text
    assert "/cases" not in text
    assert "/cases/a.log:" in told(finding("r", file="/cases/a.log"))
