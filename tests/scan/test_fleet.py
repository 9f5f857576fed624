"""Servers that are judged apart: the same is said of them as if all were read together."""

import dataclasses
import datetime
import json
import zipfile

import pytest

from exward.engines import local
from exward.scan import fleet, posture
from exward.scan.progress import Silent

TODAY = datetime.date(2026, 11, 26)
WEB_CONFIG = "<configuration><system.web><compilation debug='true'/></system.web></configuration>"


class Stopped(Silent):
    """Ctrl-C was pressed before anything was read."""

    def cancelled(self) -> bool:
        return True


def area(name: str, server: str, data: object) -> str:
    head = {"schema": "exward.inventory/1", "area": name, "server": server}
    return json.dumps(head | {"collected": "2026-11-25T00:00:00Z", "data": data})


def collection(path, server, build="15.2.1118.7"):
    program = {"Path": "C:\\V15\\Bin\\ExSetup.exe", "FileVersion": build, "Exists": True}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inventory/files.json", area("files", server, [program]))
        archive.writestr("inventory/smb.json", area("smb", server, {"EnableSMB1Protocol": True}))
        archive.writestr("files/C/inetpub/wwwroot/web.config", WEB_CONFIG)


@pytest.fixture
def folder(tmp_path):
    for number in range(1, 7):
        collection(tmp_path / f"EX0{number}.zip", f"EX0{number}.contoso.example")
    (tmp_path / "notes.txt").write_text("no evidence")
    (tmp_path / "torn.json").write_text('{"schema": "exward.inventory/1", "area"')
    return tmp_path


def checked(path, jobs, progress=None):
    settings = posture.PostureSettings((str(path),), today=TODAY, jobs=jobs)
    result = posture.check(settings, progress or Silent())
    return dataclasses.replace(result, run=dataclasses.replace(result.run, started=0, finished=0))


def together(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(fleet, "units", lambda _paths: ())
        return checked(path, 1)


def test_any_number_of_workers_says_what_one_reading_says(folder, monkeypatch):
    expected = together(folder, monkeypatch)
    assert len(expected.postures) == 6
    assert [one.source for one in expected.skipped] == [str(folder / "torn.json")]
    with monkeypatch.context() as patch:
        patch.setattr(posture, "gather", None)  # nothing is read together
        assert checked(folder, 1) == checked(folder, 2) == expected


def two_of_one_server(folder):
    collection(folder / "again.zip", "EX01", "15.2.1118.40")


def one_for_all(folder):
    servers = [{"Name": f"EX0{n}", "AdminDisplayVersion": "Version 15.2 (Build 1118.7)"}
               for n in range(1, 9)]  # fmt: skip
    (folder / "Get-ExchangeServer.json").write_text(json.dumps(servers))


def of_nobody(folder):
    (folder / "web.config").write_text(WEB_CONFIG)


def seen_from_outside(folder):
    (folder / "outside-EX02.json").write_text(area("outside", "ex02", {"Port": 444, "Open": True}))


def of_a_server_of_its_own(folder):
    (folder / "host.json").write_text(area("host", "EX99.contoso.example", {"Name": "EX99"}))


def in_front_and_behind(folder):
    """Of two readings of the same time the one that is read later counts."""
    for name in ("A.json", "Z.json"):
        data = {"EnableSMB1Protocol": name == "A.json"}
        (folder / name).write_text(area("smb", "EX04.contoso.example", data))


@pytest.mark.parametrize(
    "more", [one_for_all, seen_from_outside, of_a_server_of_its_own, in_front_and_behind]
)
def test_single_files_are_added_to_the_servers_that_they_tell_of(folder, more, monkeypatch):
    before = checked(folder, 2)
    more(folder)
    expected = together(folder, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(posture, "gather", None)  # nothing is read together
        assert checked(folder, 1) == checked(folder, 3) == expected != before


def test_workers_that_are_started_anew_get_what_single_files_tell(folder, monkeypatch):
    """As on Windows and macOS, where everything is sent to them."""
    seen_from_outside(folder)
    one_for_all(folder)
    expected = together(folder, monkeypatch)
    monkeypatch.setattr(local, "METHOD", "spawn")
    assert checked(folder, 2) == expected


def test_single_files_that_are_many_are_read_by_workers(folder, monkeypatch):
    (folder / "EX07.json").write_text(area("smb", "EX07", {"EnableSMB1Protocol": True}))
    single = tuple(str(folder / name) for name in ("EX07.json", "notes.txt", "torn.json"))
    apart = fleet.units((str(folder),))
    assert fleet.common_files(apart) == single
    assert fleet.common_files((*single, *apart[:3])) == ()
    monkeypatch.setattr(fleet, "MAX_COMMON_BYTES", 100)
    assert fleet.common_files(apart) == ()
    assert "EX07" in {one.server for one in checked(folder, 2).postures}


@pytest.mark.parametrize("more", [two_of_one_server, of_nobody])
def test_what_concerns_more_than_one_is_read_together(folder, more, monkeypatch):
    before = checked(folder, 2)
    more(folder)
    assert checked(folder, 2) == together(folder, monkeypatch) != before


def test_a_folder_of_one_server_a_link_and_a_few_are_read_together(folder, tmp_path):
    files = tuple(str(path) for path in sorted(folder.iterdir()))
    assert fleet.units(files) == fleet.units((str(folder),)) == files
    assert fleet.units(files[:3]) == ()
    assert fleet.units((*files, files[0])) == ()
    assert fleet.units((*files, str(folder))) == ()
    (folder / "link.zip").symlink_to(files[0])
    assert fleet.units((str(folder),)) == ()
    (folder / "link.zip").unlink()
    (folder / "manifest.json").write_text("{}")
    assert fleet.units((str(folder),)) == ()


def test_a_worker_that_fails_loses_its_server_only(folder, monkeypatch):
    work = fleet.work

    def failing(setup, path, progress):
        if path.endswith("EX03.zip"):
            raise ValueError("torn")
        return work(setup, path, progress)

    monkeypatch.setattr(fleet, "work", failing)
    result = checked(folder, 2)
    assert [one.server[:4] for one in result.postures] == ["EX01", "EX02", "EX04", "EX05", "EX06"]
    (lost,) = [one for one in result.skipped if one.source.endswith("EX03.zip")]
    assert "ValueError: torn" in lost.reason


def test_names_that_are_no_text_are_read_together(folder, monkeypatch):
    inner = folder / "EX09"
    inner.mkdir()
    (inner / "host\udcff.json").write_text("{" + area("host", "EX09", {})[1:-1])
    expected = together(folder, monkeypatch)
    assert checked(folder, 2) == expected
    assert any("\udcff" in one.source for one in expected.skipped)


def test_stopped_before_it_began_it_says_so(folder):
    result = checked(folder, 2, Stopped())
    assert result.run.interrupted
    assert result.postures == ()


def test_a_machine_has_a_core():
    assert local.cores() >= 1
