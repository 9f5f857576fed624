"""Configuration files of IIS."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import iis_config, registry
from exward.formats.record_batch import RecordBatch
from exward.model.records import EventType, Part
from exward.model.skipped import Skipped
from tests.formats.memory_source import MemorySource, read_all

HOST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- IIS configuration sections. -->
<configuration>
  <configSections>
    <sectionGroup name="system.applicationHost">
      <section name="sites" type="System.ApplicationHost.SitesSection" />
    </sectionGroup>
  </configSections>
  <system.applicationHost>
    <sites>
      <site name="Default Web Site" id="1">
        <application path="/owa" applicationPool="MSExchangeOWAAppPool">
          <virtualDirectory path="/" physicalPath="C:\\ProgramData\\COM1" />
        </application>
      </site>
    </sites>
  </system.applicationHost>
  <system.webServer>
    <globalModules>
      <add name="HttpLoggingModule" image="%windir%\\System32\\inetsrv\\loghttp.dll" />
      <add
        name="evil" image="C:\\Windows\\Temp\\x&amp;y.dll" />
    </globalModules>
  </system.webServer>
  <location path="Default Web Site/owa">
    <system.webServer>
      <httpLogging dontLog="true" Section="own" />
    </system.webServer>
  </location>
</configuration>
"""
MODULES = "system.webServer/globalModules/add"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_records(codec):
    data = HOST.encode(codec)
    found = registry.identify(data)
    assert found is not None
    assert found.NAME == "iis-config"
    reading = read_all(iis_config, data)
    assert not reading.skipped
    rows = [
        (f["Section"], f["Location"], p)
        for f, p in zip(reading.fields, reading.positions, strict=True)
    ]
    site = "system.applicationHost/sites/site"
    assert rows == [
        ("configSections/sectionGroup", "", 5),
        ("configSections/sectionGroup/section", "", 6),
        (site, "", 11),
        (f"{site}/application", "", 12),
        (f"{site}/application/virtualDirectory", "", 13),
        (MODULES, "", 20),
        (MODULES, "", 21),
        ("location", "", 25),
        ("system.webServer/httpLogging", "Default Web Site/owa", 27),
    ]
    assert reading.fields[4] == {
        "Section": f"{site}/application/virtualDirectory",
        "Location": "",
        "Within": "Default Web Site > /owa",
        "File": "applicationHost.config",
        "Folder": "",
        "path": "/",
        "physicalPath": "C:\\ProgramData\\COM1",
    }
    assert reading.fields[6]["image"] == "C:\\Windows\\Temp\\x&y.dll"
    assert reading.fields[8]["Attribute.Section"] == "own"


def test_batch():
    (batch,) = read_all(iis_config, HOST.encode()).batches
    assert set(batch.types) == {EventType("iis.config")}
    assert (batch.time(0), batch.server(0), batch.size_bytes) == (None, "", len(HOST))
    for index in range(len(batch)):
        text = batch.texts[index]
        assert all(orjson.dumps(value).decode() in text for value in batch.fields(index).values())


def test_other_files_have_their_own_name():
    source = MemorySource(
        b'<configuration><a b="c"/></configuration>', "x.zip!C/inetpub/web.config"
    )
    (batch,) = iis_config.read(source, Part())
    assert isinstance(batch, RecordBatch)
    assert batch.fields(0)["File"] == "web.config"
    assert batch.fields(0)["Folder"] == r"x.zip\C\inetpub"


def test_keys_and_passwords_are_not_passed_on():
    data = (
        f"<configuration><machineKey validationKey='AutoGenerate' decryptionKey='{'1' * 40}'/>"
        f"<machineKey validationKey='{'2' * 128}'/><a password='secret'/></configuration>"
    )
    first, second, third = read_all(iis_config, data.encode()).fields
    assert (first["validationKey"], first["decryptionKey"]) == ("AutoGenerate", "1" * 16 + "…")
    assert (second["validationKey"], third["password"]) == ("2" * 32 + "…", "…")


def test_what_is_inherited_is_taken_away():
    data = b"<configuration><hiddenSegments><clear/></hiddenSegments></configuration>"
    (fields,) = read_all(iis_config, data).fields
    assert fields["Section"] == "hiddenSegments/clear"


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b"<configuration>", True),
        (b"<configuration xmlns='x'>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- a-b --><configuration>", True),
        (b"<?xml version='1.0'?><configurations>", False),
        (b"<?xml version='1.0'?><a><configuration>", False),
        (b"<!-- " + b"-" * 60_000, False),
        (b" " * 60_000, False),
    ],
)
def test_recognises(head, answer):
    assert iis_config.recognises(head) is answer


class TestDamage:
    def test_the_rest_is_read(self):
        data = HOST.replace('name="evil"', "name=evil").encode()
        reading = read_all(iis_config, data)
        assert reading.records == 8
        assert [(one.position, one.reason) for one in reading.skipped] == [(21, "no readable tag")]

    def test_torn_file(self):
        reading = read_all(iis_config, HOST.encode()[: HOST.index("</globalModules>") + 4])
        assert reading.records == 7
        assert "configuration/system.webServer/globalModules" in reading.skipped[-1].reason

    def test_an_end_is_missing(self):
        reading = read_all(iis_config, HOST.replace("</globalModules>", "").encode())
        assert reading.fields[8]["Section"] == "system.webServer/httpLogging"
        assert reading.lost == 1

    def test_deep_nesting(self):
        reading = read_all(iis_config, b"<configuration>" + b'<a b="c">' * 500)
        assert reading.records == iis_config.MAX_DEPTH - 1
        assert reading.lost > 400

    def test_entities_are_not_expanded(self):
        data = b'<!DOCTYPE a [<!ENTITY b "c">]><configuration><a d="&b;"/></configuration>'
        reading = read_all(iis_config, data)
        assert [one["d"] for one in reading.fields] == ["&b;"]
        assert reading.lost == 1


PIECES = st.sampled_from(
    [
        "<configuration>",
        "</configuration>",
        '<a b="c">',
        "</a>",
        "<a",
        '<d e="f"/>',
        "x",
        "&b;",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_never_raises_and_accounts_for_all(text):
    reading = read_all(iis_config, text.encode())
    assert reading.records + reading.lost >= min(text.count('"'), 2) // 2


WRITTEN = st.sampled_from(
    [
        "<a b='1'>",
        "</a>",
        '<add name="x&#10;y" value="one&#x09;&amp;\ttwo\r\nthree\nfour"/>',
        "<location path='Default Web Site/owa'>",
        "</location>",
        "<a:add xmlns='urn:x' xmlns:a='urn:y' a:name='first' name='second' c='ü€'/>",
        "<clear/>",
        "<machineKey validationKey='0123456789012345678901234567890123456789' File='x'/>",
        "<!-- <add name='no'/> -->",
        "<![CDATA[<add name='no'/>]]>",
        "&undeclared;",
        "<a b='1' b='2'/>",
        "\n  text &lt; \n",
    ]
)


class TestElements:
    """The same elements without records."""

    @staticmethod
    def both(name, data):
        records, lost = [], []
        for batch in iis_config.read(MemorySource(data, name), Part(0, 1)):
            if isinstance(batch, Skipped):
                lost.append(batch)
            else:
                records += [batch.fields(index) for index in range(len(batch))]
        return records, lost

    @staticmethod
    def alone(data):
        told, lost = [], []
        for item in iis_config.elements(data):
            if isinstance(item, Skipped):
                lost.append(replace(item, source="one/web.config"))
            else:
                told.append(iis_config.fields(item, "web.config", "one"))
        return told, lost

    @pytest.mark.parametrize("copies", [1, 4_000])
    @pytest.mark.parametrize("rest", [b"</configuration>", b"<b", b"</x></configuration>"])
    def test_they_are_those_of_the_records(self, copies, rest):
        data = b"<configuration>" + b'<a><add key="value" path="/x"/></a>' * copies + rest
        expected = self.both("one/web.config", data)
        assert self.alone(data) == expected

    @given(st.lists(WRITTEN, max_size=8).map("".join))
    def test_a_parser_of_well_formed_files_says_the_same(self, text):
        data = f"<?xml version='1.0' encoding='utf-16'?>\n<configuration>{text}</configuration>"
        expected = self.both("one/web.config", data.encode())
        assert self.alone(data.encode()) == expected

    def test_a_document_type_is_refused_and_the_rest_is_read(self):
        data = b'<!DOCTYPE x [<!ENTITY a "boom">]><configuration><b c="&a;"/></configuration>'
        told, lost = self.alone(data)
        assert [one["c"] for one in told] == ["&a;"]
        assert len(lost) == 1
