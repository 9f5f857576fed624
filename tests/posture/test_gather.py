"""What belongs to which server."""

import hashlib
import io
import json
import tarfile
import zipfile

import pytest

from exward.evidence.options import EvidenceOptions
from exward.posture import iis
from exward.posture.gather import gather


def area(name, server, data=()):
    return json.dumps(
        {"schema": "exward.inventory/1", "area": name, "server": server, "data": data}
    )


@pytest.fixture
def gathered(tmp_path):
    def run(*paths):
        spool = tmp_path / "spool"
        spool.mkdir(exist_ok=True)
        return gather(
            [str(path) for path in paths], EvidenceOptions(spool_dir=spool), lambda: False
        )

    return run


CONFIG = "<configuration><a b='1'/></configuration>"


def test_files_of_one_zip_belong_to_its_server(tmp_path, gathered):
    for server in ("EX01", "EX02"):
        with zipfile.ZipFile(tmp_path / f"{server}.zip", "w") as archive:
            archive.writestr("inventory/host.json", area("host", f"{server}.contoso.example"))
            archive.writestr("files/C/inetsrv/config/applicationHost.config", CONFIG)
    found = gathered(tmp_path)
    assert [one.server for one in found.inventories] == [
        "EX01.contoso.example", "EX02.contoso.example",
    ]  # fmt: skip
    assert all(len(iis.elements(one)) for one in found.inventories)
    assert found.skipped == []


def test_a_short_name_is_the_full_one_where_there_is_one(tmp_path, gathered):
    (tmp_path / "a.json").write_text(area("host", "ex01.Contoso.example"))
    (tmp_path / "b.json").write_text(area("services", "EX01"))
    (inventory,) = gathered(tmp_path).inventories
    assert inventory.server == "EX01.contoso.example"
    assert inventory.rows("services") == ()
    assert inventory.rows("smb") is None


def test_nothing_is_guessed_between_two_servers(tmp_path, gathered):
    (tmp_path / "a.json").write_text(area("host", "EX01"))
    (tmp_path / "b.json").write_text(area("host", "EX02"))
    (tmp_path / "web.config").write_text(CONFIG)
    found = gathered(tmp_path)
    assert len(found.inventories) == 2
    assert [one.reason for one in found.skipped] == ["does not say which server it is of"]


def test_a_file_alone_is_called_by_its_own_name(tmp_path, gathered):
    path = tmp_path / "answer.txt"
    path.write_text("HTTP/1.1 200 OK\nX-OWA-Version: 15.2.1118.20\n")
    (inventory,) = gathered(path).inventories
    assert (inventory.server, len(inventory.builds)) == ("answer.txt", 1)


def test_registry_exports_are_joined_and_asked_by_key(tmp_path, gathered):
    for name, key in (("a", "Lsa"), ("b", "Other")):
        (tmp_path / f"{name}.reg").write_text(
            f'REGEDIT4\n[HKEY_LOCAL_MACHINE\\SYSTEM\\{key}]\n"X"=dword:1\n'
        )
    (tmp_path / "h.json").write_text(area("host", "EX01"))
    (inventory,) = gathered(tmp_path).inventories
    keys = [inventory.key(f"HKLM\\system\\{name}") for name in ("lsa", "other", "none")]
    assert [key and key.values.number("x") for key in keys] == [1, 1, None]


def test_the_later_reading_counts(tmp_path, gathered):
    for name, day, value in (("a", "2026-02-01", "new"), ("b", "2026-01-01", "old")):
        document = json.loads(area("host", "EX01", {"Name": value}))
        (tmp_path / f"{name}.json").write_text(
            json.dumps({**document, "collected": f"{day}T00:00:00Z"})
        )
    (inventory,) = gathered(tmp_path).inventories
    host = inventory.row("host")
    assert host is not None
    assert host.text("Name") == "new"


def test_a_file_that_was_changed_since_is_told_and_read(tmp_path, gathered):
    digest = hashlib.sha256(area("host", "EX01").encode()).hexdigest()
    files = [{"path": f"inventory/{name}.json", "sha256": digest} for name in ("host", "smb")]
    manifest = {"schema": "exward.collection/1", "server": "EX01", "files": files}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("inventory/host.json", area("host", "EX01"))
        archive.writestr("inventory/smb.json", area("smb", "EX01", {"EnableSMB1Protocol": False}))
    found = gathered(tmp_path)
    assert [(one.source.rpartition("/")[2], one.reason[:17]) for one in found.skipped] == [
        ("smb.json", "its SHA-256 is no")
    ]
    assert found.inventories[0].rows("smb")


def test_areas_that_are_missing_or_added_are_told_but_logs_may_be_left_out(tmp_path, gathered):
    digest = hashlib.sha256(area("host", "EX01").encode()).hexdigest()
    promised = ("inventory/host.json", "inventory/smb.json", "files/C/inetpub/logs/u_ex.log")
    files = [{"path": path, "sha256": digest} for path in promised]
    manifest = {"schema": "exward.collection/1", "server": "EX01", "files": files}
    (tmp_path / "inventory").mkdir()
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "inventory" / "host.json").write_text(area("host", "EX01"))
    (tmp_path / "inventory" / "time.json").write_text(area("time", "EX01"))
    found = gathered(tmp_path)
    assert {(one.source.removeprefix(f"{tmp_path}/"), one.reason) for one in found.skipped} == {
        ("inventory/smb.json", "is missing: the collection's manifest has it"),
        ("manifest.json", "1 files are not in the manifest: added after it was collected"),
    }


def test_the_number_of_servers_is_bounded_and_the_rest_is_counted(tmp_path, gathered, monkeypatch):
    monkeypatch.setattr("exward.posture.gather.MAX_SERVERS", 3)
    rows = [{"Name": f"EX{n}", "AdminDisplayVersion": "15.2.1118.7"} for n in range(10)]
    (tmp_path / "Get-ExchangeServer.json").write_text(json.dumps(rows))
    found = gathered(tmp_path)
    assert len(found.inventories) == 3
    assert [(one.count, "give them in parts" in one.reason) for one in found.skipped] == [
        (14, True)
    ]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_the_same_name_are_all_read(tmp_path, gathered, name):
    texts = [area("host", "EX01", {"Name": value}).encode() for value in ("one", "two")]
    if name.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for text in texts:
                archive.writestr("host.json", text)
    else:
        with tarfile.open(tmp_path / name, "w:gz" if name.endswith("gz") else "w") as archive:
            for text in texts:
                member = tarfile.TarInfo("host.json")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text))
    found = gathered(tmp_path / name)
    assert (found.files, found.told, found.skipped) == (2, 2, [])


def test_a_broken_file_is_one_loss(tmp_path, gathered):
    (tmp_path / "a.json").write_text(area("host", "EX01"))
    (tmp_path / "b.json").write_text(area("services", "EX01")[:-3])
    found = gathered(tmp_path)
    assert [one.server for one in found.inventories] == ["EX01"]
    assert "no valid JSON" in found.skipped[0].reason
