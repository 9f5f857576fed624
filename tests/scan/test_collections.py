"""A collection is read like any evidence, and compared with what its manifest promises."""

import zipfile

import pytest

from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from tests.collector.collection import HOST, IIS_LOG, MEMBERS, SERVER, SHELL, collection


@pytest.fixture
def run(tmp_path):
    def go(*paths):
        settings = ScanSettings(tuple(map(str, paths)), jobs=1, cache_dir=str(tmp_path / "cache"))
        return scan(settings, Silent())

    return go


def losses(result, path):
    start = f"{path}!"
    return {(one.source.removeprefix(start), one.reason) for one in result.skipped}


def test_what_was_collected_is_read_and_nothing_is_missing(run, tmp_path):
    result = run(collection(tmp_path / "EX01.zip"))
    assert result.skipped == ()
    assert [row.source.rpartition("!")[2] for row in result.coverage] == [IIS_LOG]
    assert any(SHELL in place.file for one in result.findings for place in one.evidence)
    assert result.run.files == 4  # the log, the page, an area of the inventory and the manifest
    assert result.run.files_not_evidence == 0


def test_a_log_that_names_no_host_is_of_the_server_that_was_collected(run, tmp_path):
    collection(tmp_path / "one.zip")
    other = {**MEMBERS, IIS_LOG: MEMBERS[IIS_LOG].replace(b"10.0.0.5", b"10.0.0.6")}
    collection(tmp_path / "two.zip", other, promised=other, server="EX02.contoso.example")
    result = run(tmp_path)
    assert {row.source.partition("!")[0]: row.server for row in result.coverage} == {
        str(tmp_path / "one.zip"): SERVER,
        str(tmp_path / "two.zip"): "EX02.contoso.example",
    }
    assert {one.server for one in result.findings} == {SERVER, "EX02.contoso.example"}


def test_a_changed_a_missing_and_an_added_file_are_told_and_read_all_the_same(run, tmp_path):
    line = b"2026-01-05 01:00:01 10.0.0.5 GET /aspnet_client/x.aspx - - 203.0.113.9 200\r\n"
    changed = {
        IIS_LOG: MEMBERS[IIS_LOG] + line,
        SHELL: MEMBERS[SHELL],
        "files/C/Windows/Temp/new.txt": b"new",
    }
    path = collection(tmp_path / "EX01.zip", changed)
    result = run(path)
    assert losses(result, path) == {
        (IIS_LOG, "its SHA-256 is not that of the manifest: changed after it was collected"),
        (HOST, "is missing: the collection's manifest has it"),
        ("manifest.json", "1 files are not in the manifest: added after it was collected"),
    }
    assert result.coverage[0].records == 2


def test_files_that_nothing_reads_are_compared_too(run, tmp_path):
    path = collection(tmp_path / "EX01.zip", {**MEMBERS, HOST: b"{}"})
    result = run(path)
    assert [reason for _, reason in losses(result, path)] == [
        "its SHA-256 is not that of the manifest: changed after it was collected"
    ]


def test_logs_that_the_collector_could_not_copy_are_losses(run, tmp_path):
    why = {
        "files/C/Windows/System32/winevt/Logs/Security.evtx": "access is denied",
        "inventory/defender.json": "Get-MpComputerStatus is not known here",
    }
    path = collection(tmp_path / "EX01.zip", not_collected=why)
    assert losses(run(path), path) == {
        (
            "files/C/Windows/System32/winevt/Logs/Security.evtx",
            "was not collected: access is denied",
        )
    }


def test_many_losses_are_counted(run, tmp_path):
    promised = {**MEMBERS, **{f"files/C/logs/{number}.log": b"" for number in range(150)}}
    result = run(collection(tmp_path / "EX01.zip", promised=promised))
    assert len(result.skipped) == 101
    assert sum(max(1, one.count) for one in result.skipped) == 150


def test_an_unpacked_collection_and_several_in_one_folder_are_compared(run, tmp_path):
    with zipfile.ZipFile(collection(tmp_path / "one.zip")) as archive:
        archive.extractall(tmp_path / "case" / "files" / "C")
    collection(tmp_path / "case" / "two.zip", {**MEMBERS, SHELL: b"<%%>"})
    (tmp_path / "case" / "files" / "C" / HOST).write_bytes(b"{}")
    result = run(tmp_path / "case")
    assert [one.source.removeprefix(f"{tmp_path}/case/") for one in result.skipped] == [
        f"files/C/{HOST}",
        f"two.zip!{SHELL}",
    ]


@pytest.mark.parametrize(
    "damaged",
    [
        b'{"schema": "exward.collection/1", ',
        b'["exward.collection/1"]',
        b'{"schema": "exward.collection/1", "files": {"path": 3}, "not_collected": "x"}',
        b'{"schema": "exward.collection/1", "files": [3, null, {"path": ["x"], "sha256": 1}]}',
    ],
)
def test_a_damaged_manifest_costs_nothing_but_the_comparison(run, tmp_path, damaged):
    path = tmp_path / "EX01.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(IIS_LOG, MEMBERS[IIS_LOG])
        archive.writestr("manifest.json", damaged)
    result = run(path)
    assert result.coverage[0].records == 1
    assert result.skipped


def test_a_collected_archive_is_opened_and_not_missing(run, tmp_path):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("u_ex.log", MEMBERS[IIS_LOG])
    members = {**MEMBERS, "files/C/Temp/logs.zip": inner.read_bytes()}
    assert run(collection(tmp_path / "EX01.zip", members, promised=members)).skipped == ()
