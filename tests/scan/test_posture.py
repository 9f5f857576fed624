"""Inventories among the evidence of a scan: exposed servers, and nothing where no build is told."""

import datetime
import json

import pytest

from exward.cli.sample import inventory_path
from exward.model.incident import Verdict
from exward.scan import pipeline, posture
from exward.scan.progress import Silent

TODAY = datetime.date(2026, 11, 26)


def scanned(path):
    settings = pipeline.ScanSettings(paths=(str(path),), today=TODAY, jobs=1)
    return pipeline.scan(settings, Silent())


def test_a_scan_of_inventories_says_who_is_exposed():
    result = scanned(inventory_path())
    verdicts = {one.server: one.verdict for one in result.verdicts}
    assert verdicts["EX01.contoso.example"] is Verdict.EXPOSED
    assert len(result.postures) == 2
    alone = posture.check(posture.PostureSettings((inventory_path(),), today=TODAY), Silent())
    assert result.outcomes == alone.outcomes
    assert result.postures == alone.postures


def test_without_a_build_nothing_is_said_of_the_set_up(tmp_path):
    (tmp_path / "web.config").write_text("<configuration><a b='1'/></configuration>")
    area = {"schema": "exward.inventory/1", "area": "host", "server": "EX01", "data": {}}
    (tmp_path / "host.json").write_text(json.dumps(area))
    result = scanned(tmp_path)
    assert (result.postures, result.outcomes) == ((), ())


@pytest.mark.parametrize("data", ["{", '{"schema": "exward.inventory/1", "area": 3}'])
def test_a_broken_inventory_is_told(tmp_path, data):
    (tmp_path / "host.json").write_text('{"schema": "exward.inventory/1"' + data)
    assert [one.source for one in scanned(tmp_path).skipped]


def test_agents_in_a_collection_are_judged_by_rules_too(tmp_path):
    agent = {"Identity": "A", "TransportAgentFactory": "X.F", "AssemblyPath": r"C:\Users\a.dll"}
    area = {"schema": "exward.inventory/1", "area": "Get-TransportAgent", "server": "EX01"}
    (tmp_path / "agents.json").write_text(json.dumps(area | {"data": [agent]}))
    (found,) = scanned(tmp_path).findings
    assert (found.title, found.server) == ("Transport Agent Lies In An Odd Place", "EX01")
