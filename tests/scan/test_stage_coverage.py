"""Which steps of an attack each server's logs could have shown."""

import shutil
from pathlib import Path

from exward.cli.sample import sample_path
from exward.model.coverage import stages_seen
from exward.model.stage import CHAIN
from exward.scan import pipeline
from exward.scan.progress import Silent


def scan(*paths):
    return pipeline.scan(pipeline.ScanSettings(paths=tuple(map(str, paths))), Silent())


def test_of_one_server_it_is_what_all_rules_say():
    result = scan(sample_path())
    assert {one.server for one in result.stages} == {"EX01.contoso.example"}
    told = {one.stage: (one.could_fire, one.rules) for one in result.stages}
    assert told == stages_seen(result.rules)
    assert list(told) == list(CHAIN)


def test_what_one_server_logs_does_not_count_for_another(tmp_path):
    logs = Path(sample_path()) / "EX01/C/Windows/System32/winevt/Logs"
    shutil.copy(logs / "Security.jsonl", tmp_path)
    other = (logs / "System.xml").read_text("utf-8").replace("EX01.", "EX02.")
    (tmp_path / "other.xml").write_text(other, "utf-8")
    result = scan(tmp_path)
    able = {
        server: {one.stage: one.could_fire for one in result.stages if one.server == server}
        for server in ("EX01.contoso.example", "EX02.contoso.example")
    }
    one, two = able.values()
    assert all(one[stage] >= two[stage] for stage in CHAIN[:3])
    assert one != two
    assert sum(two.values()) > 0
    seen = stages_seen(result.rules)
    assert all(max(one[stage], two[stage]) <= seen[stage][0] for stage in CHAIN)
