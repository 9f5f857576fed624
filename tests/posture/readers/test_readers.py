"""Every form of inventory: what it tells, and that damage is told and never raises."""

import json
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.errors import EvidenceError
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.posture.data import Data
from exward.posture.readers import registry_export
from exward.posture.readers.interface import Told
from exward.posture.readers.registry import reader_of, readers


class File:
    """A file in memory."""

    seekable = True
    modified: int | None = None

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data, self.head = path, data, data[:65_536]
        self.size_bytes: int | None = len(data)

    def open(self) -> BinaryIO:
        return BytesIO(self.data)


def read(path, data):
    """The reader's name and what it told."""
    file = File(path, data if isinstance(data, bytes) else data.encode())
    reader = reader_of(file.path, file.head)
    return ("", []) if reader is None else (reader.NAME, list(reader.read(file)))


def builds(items):
    return [
        (one.server, str(one.build.build), one.build.precision)
        for one in items
        if isinstance(one, Told) and one.build is not None
    ]


def areas(items):
    told = [one for one in items if isinstance(one, Told) and one.area]
    values = [one.value.value if isinstance(one.value, Data) else one.value for one in told]
    return {one.area: value for one, value in zip(told, values, strict=True)}


EXACT, CU = Precision.EXACT, Precision.CU_ONLY
SERVERS = [{"Name": "EX01", "AdminDisplayVersion": "Version 15.2 (Build 1118.7)", "ServerRole": 1}]
SETUP = {"FileVersion": "15.02.1118.020", "FileName": r"C:\Exchange\bin\ExSetup.exe"}


def area(name, data, **more):
    return json.dumps({"schema": "exward.inventory/1", "area": name, "server": "EX01",
                       "collected": "2026-11-26T01:02:03Z", "data": data, **more})  # fmt: skip


def clixml(body, kind="Selected.Microsoft.Exchange.Data.Directory.Management.ExchangeServer"):
    return (
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        f'<Obj RefId="0"><TN RefId="0"><T>{kind}</T></TN><MS>{body}</MS></Obj></Objs>'
    )


CLIXML = clixml('<S N="Name">EX01</S><S N="AdminDisplayVersion">Version 15.2 (Build 1118.7)</S>')
HEALTH = clixml(
    '<S N="ServerName">EX01</S><Obj N="ExchangeInformation" RefId="1"><MS>'
    '<Obj N="BuildInformation" RefId="2"><MS><Obj N="ExchangeSetup" RefId="3"><MS>'
    '<S N="FileVersion">15.02.1118.020</S></MS></Obj></MS></Obj>'
    '<Obj N="GetExchangeServer" RefId="4"><MS><S N="Name">EX01</S></MS></Obj></MS></Obj>'
    '<Obj N="OrganizationInformation" RefId="5"><MS><Obj N="GetOrganizationConfig" RefId="6"><MS>'
    '<B N="EnableDownloadDomains">true</B></MS></Obj></MS></Obj>',
    "HealthChecker.HealthCheckerExchangeServer",
)
SETUP_LOG = """\
[01/15/2026 10:00:00.0001] [0] Starting Microsoft Exchange Server 2019 Setup
[01/15/2026 10:00:01.0001] [0] Setup version: 15.2.1544.4.
[01/15/2026 10:00:01.0002] [0] The Exchange Server setup operation completed successfully.
[03/15/2026 10:00:01.0001] [0] Setup version: 15.2.1748.10.
"""
REG = (
    "Windows Registry Editor Version 5.00\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa]\r\n"
    '"LmCompatibilityLevel"=dword:00000005\r\n@="x\\"y"\r\n'
    '"Multi"=hex(7):61,00,00,00,\\\r\n  62,00,00,00,00,00\r\n'
    "[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Gone]\r\nnonsense\r\n"
)
CONFIG = '<configuration><system.webServer><asp a="1"/></system.webServer></configuration>'


@pytest.mark.parametrize(
    ("path", "data", "name", "found"),
    [
        ("a/Get-ExchangeServer.json", json.dumps(SERVERS), "exported-json",
         [("EX01", "15.2.1118.7", CU)]),
        ("x.json", json.dumps(SERVERS[0]), "exported-json", [("EX01", "15.2.1118.7", CU)]),
        ("x.json", json.dumps({**SETUP, "PSComputerName": "EX09"}), "exported-json",
         [("EX09", "15.2.1118.20", EXACT)]),
        ("x.json", json.dumps({"Name": "ExSetup.exe", "FileVersionInfo": SETUP}), "exported-json",
         [("", "15.2.1118.20", EXACT)]),
        ("x.csv", '#TYPE Microsoft.Exchange.Data.Directory.Management.ExchangeServer\r\n"Name",'
         '"AdminDisplayVersion","ServerRole"\r\n"EX01","Version 15.2 (Build 1118.7)","Mailbox"\r\n',
         "exported-csv", [("EX01", "15.2.1118.7", CU)]),
        ("x.csv", "FileVersion;FileName\r\n15.02.1118.020;C:\\ExSetup.exe\r\n", "exported-csv",
         [("", "15.2.1118.20", EXACT)]),
        ("x.xml", CLIXML, "exported-clixml", [("EX01", "15.2.1118.7", CU)]),
        ("x.xml", HEALTH, "health-checker", [("EX01", "15.2.1118.20", EXACT)]),
        ("v.txt", "ProductVersion   FileVersion      FileName\n--------\n"
         "15.02.1118.020   15.02.1118.020   C:\\Program Files\\Microsoft\\bin\\ExSetup.exe\n",
         "setup-version-text", [("", "15.2.1118.20", EXACT)]),
        ("v.txt", "FileName : C:\\bin\\ExSetup.exe\nFileVersion : 15.02.1118.020\n"
         "PSComputerName : EX03\n", "setup-version-text", [("EX03", "15.2.1118.20", EXACT)]),
        ("ExchangeSetup.log", SETUP_LOG, "setup-log", [("", "15.2.1544.4", CU)]),
        ("r.txt", "HTTP/1.1 200 OK\r\nX-OWA-Version: 15.2.1118.20\r\nX-FEServer: EX01\r\n",
         "http-response", [("EX01", "15.2.1118.20", EXACT)]),
        ("r.html", "<!DOCTYPE html><link href='/owa/auth/15.2.1118/themes/x.css'>",
         "http-response", [("", "15.2.1118", CU)]),
        ("i/files.json", area("files", [{"Path": "C:\\Exchange\\Bin\\ExSetup.exe",
         "FileVersion": "15.02.1118.020"}]), "collected-area", [("EX01", "15.2.1118.20", EXACT)]),
        ("i/Get-ExchangeServer.json", area("Get-ExchangeServer", SERVERS), "collected-area",
         [("EX01", "15.2.1118.7", CU)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_builds_are_told(path, data, name, found, encoding):
    kind, items = read(path, data.encode(encoding))
    assert kind == name
    assert builds(items) == found


def test_areas_of_health_checker():
    _, items = read("x.xml", HEALTH)
    assert areas(items)["Get-OrganizationConfig"] == [{"EnableDownloadDomains": True}]


def test_an_area_keeps_its_data_and_says_what_the_collector_missed():
    _, items = read("s.json", area("services", {"Name": "W3SVC"}, errors=["denied"]))
    assert areas(items) == {"services": {"Name": "W3SVC"}}
    assert [one.reason for one in items if isinstance(one, Skipped)] == [
        "the collector could not read: denied"
    ]


def test_a_registry_export_is_utf_16_or_not():
    for data in (REG.encode("utf-16"), REG.encode()):
        kind, items = read("x.reg", data)
        assert kind == "registry-export"
        (key,) = areas(items)["registry"]
        assert key["Key"] == "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"
        assert key["Values"] == {"LmCompatibilityLevel": 5, "": 'x"y', "Multi": ["a", "b"]}
        assert [one.count for one in items if isinstance(one, Skipped)] == [1]


def test_a_text_of_several_lines_is_no_key_and_hides_none():
    export = (
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n"
        '"Note"="one\r\n[HKEY_LOCAL_MACHINE\\\\B]\r\n\\"Level\\"=dword:1\r\n@=dword:2\r\nend"\r\n'
        '"Level"=dword:00000007\r\n'
    )
    _, items = read("x.reg", export.encode("utf-16"))
    assert areas(items)["registry"] == [
        {
            "Key": "HKLM\\A",
            "Exists": True,
            "Values": {
                "Note": 'one\n[HKEY_LOCAL_MACHINE\\B]\n"Level"=dword:1\n@=dword:2\nend',
                "Level": 7,
            },
        }
    ]
    assert not [one for one in items if isinstance(one, Skipped)]


@pytest.mark.parametrize("lines", [2, registry_export.MAX_TEXT_LINES + 5])
def test_a_text_that_never_ends_does_not_swallow_the_rest(lines):
    rest = "[HKEY_LOCAL_MACHINE\\B]\r\nx\r\n" * lines
    export = f'Windows Registry Editor Version 5.00\r\n[HKEY_LOCAL_MACHINE\\A]\r\n@="one\r\n{rest}'
    _, items = read("x.reg", export.encode("utf-16"))
    assert [one["Key"] for one in areas(items)["registry"]] == ["HKLM\\A", "HKLM\\B"]
    assert sum(one.count for one in items if isinstance(one, Skipped)) == lines


def test_iis_configuration_gives_its_elements():
    kind, items = read("web.config", CONFIG)
    assert kind == "iis-configuration"
    (file,) = areas(items)["iis-config"]
    assert [one.section for one in file.content.elements()] == ["system.webServer/asp"]


def test_bindings_of_assemblies_are_left_out_unless_set_up_left_its_placeholder():
    text = """<configuration><runtime><assemblyBinding><dependentAssembly>
<codeBase href="file:///C:/x.dll" /><codeBase href="file:///%ExchangeInstallDir%bin/y.dll" />
</dependentAssembly></assemblyBinding></runtime></configuration>"""
    _, items = read("owa/web.config", text)
    (file,) = areas(items)["iis-config"]
    (element,) = file.content.elements()
    assert element.attributes["href"].endswith("y.dll")
    assert file.place.endswith("owa/web.config")


def test_an_entity_is_never_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "EX66">]>' + CLIXML.replace(">EX01<", ">&a;<")
    _, items = read("Get-ExchangeServer.xml", bomb)
    assert any(isinstance(one, Skipped) and "document type" in one.reason for one in items)
    assert not any(isinstance(one, Told) and "EX66" in one.server for one in items)


def test_an_inventory_of_fifty_megabytes_is_read_and_a_larger_one_refused(monkeypatch):
    rows = ",".join('{"Name":"%s"}' % ("x" * 1000) for _ in range(50_000))
    _, items = read("a.json", area("services", "D").replace('"D"', f"[{rows}]"))
    assert len(areas(items)["services"]) == 50_000
    monkeypatch.setattr("exward.formats.whole_file.MAX_BYTES", 1000)
    with pytest.raises(EvidenceError, match="larger"):
        read("a.json", area("services", "D").replace('"D"', f"[{rows}]"))


@pytest.mark.parametrize(
    "data",
    [
        '{"schema": "exward.inventory/1"', '{"schema": "exward.inventory/1"}',
        '["exward.inventory/1"]', '{"schema": "exward.inventory/9", "area": "x", "data": 1}',
        '{"exward.inventory/1":' + "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_in_one_message(data):
    with pytest.raises(EvidenceError):
        read("x.json", data)


HEADS = [
    (reader, path, sample)
    for reader in readers()
    for path, sample in (
        ("Get-ExchangeServer.json", json.dumps(SERVERS)),
        ("a.csv", "Name,FileVersion\nExSetup.exe,1"),
        ("Get-ExchangeServer.xml", CLIXML), ("h.xml", HEALTH), ("l.log", SETUP_LOG), ("r.reg", REG),
        ("web.config", CONFIG), ("a.json", area("host", {})),
        ("v.txt", "15.2.1.1 15.2.1.1 ExSetup.exe"),
    )
    if reader.recognises(path, sample.encode())
]  # fmt: skip


@given(st.integers(0, len(HEADS) - 1), st.integers(0, 400), st.binary(max_size=40))
def test_damage_never_raises(which, at, junk):
    reader, path, sample = HEADS[which]
    data = sample.encode()
    data = data[:at] + junk + data[at + len(junk) :]
    try:
        for item in reader.read(File(path, data)):
            assert isinstance(item, Told | Skipped)
    except EvidenceError:
        pass


@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.csv", "a.txt", "a.xml", "a.log"]))
def test_recognising_never_raises(head, path):
    reader_of(path, head)


def test_names_are_those_of_the_files():
    assert [one.NAME for one in readers()] == [
        one.__name__.rpartition(".")[2].replace("_", "-")  # type: ignore[attr-defined]
        for one in readers()
    ]
