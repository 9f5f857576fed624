"""Windows events exported as XML."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import orjson
import pytest
from evtx import PyEvtxParser
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import evtx, registry, windows_xml
from exward.model.records import EventType
from tests.formats.memory_source import MemorySource, read_all

NS = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(number: int, data: str, provider: str = "P", channel: str = "Security") -> str:
    return (
        f"<Event xmlns='{NS}'><System><Provider Name='{provider}' Guid='{{x}}'/>"
        f"<EventID Qualifiers='16384'>4625</EventID><Version>0</Version><Level>4</Level>"
        f"<TimeCreated SystemTime='2026-01-05T02:14:09.1234567Z'/>"
        f"<EventRecordID>{number}</EventRecordID><Correlation ActivityID='{{a}}'/>"
        f"<Execution ProcessID='8' ThreadID='9'/><Channel>{channel}</Channel>"
        f"<Computer>EX01.contoso.example</Computer><Security/></System>{data}</Event>"
    )


NAMED = "<EventData><Data Name='User'>a&amp;b</Data><Data Name='Empty'></Data></EventData>"
UNNAMED = '<EventData><Data>Set-User</Data><Data>-Name "x"</Data><Data/></EventData>'
USER = "<UserData><E xmlns='urn:y'><Path>p</Path><In><Deep>1</Deep></In></E></UserData>"
RENDERED = "<RenderingInfo Culture='de-DE'><Message>Nicht</Message></RenderingInfo>"
EVENTS = [event(100 + n, NAMED) for n in range(30)]
FORMS = {
    "lines": "\n".join(EVENTS),
    "glued": "".join(EVENTS),
    "root": "<Events>" + "\r\n".join(EVENTS) + "</Events>",
    "declaration": '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>'
    + "".join(EVENTS)
    + "</Events>",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_forms(form, codec):
    data = FORMS[form].encode(codec)
    found = registry.identify(data[:65_536])
    assert found is not None
    assert found.NAME == "windows-xml"
    reading = read_all(windows_xml, data)
    assert reading.positions == list(range(100, 130))
    assert not reading.skipped


def test_fields():
    (fields,) = read_all(windows_xml, event(7, NAMED + RENDERED).encode()).fields
    assert fields == {
        "EventID": 4625,
        "EventID_Qualifiers": "16384",
        "Channel": "Security",
        "Computer": "EX01.contoso.example",
        "Provider_Name": "P",
        "Provider_Guid": "{x}",
        "Version": 0,
        "Level": 4,
        "TimeCreated": "2026-01-05T02:14:09.1234567Z",
        "EventRecordID": 7,
        "ActivityID": "{a}",
        "ProcessID": "8",
        "ThreadID": "9",
        "User": "a&b",
        "Empty": "",
    }


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (UNNAMED, {"Data": ["Set-User", '-Name "x"', ""], "Data[0]": "Set-User"}),
        (USER, {"Path": "p", "In.Deep": "1", "Deep": "1"}),
        ("<EventData Name='T'><Data Name='A'>1</Data></EventData>", {"A": "1"}),
        (
            "<EventData><Data Name='A'>1</Data><Data Name='A'>2</Data></EventData>",
            {"A": ["1", "2"]},
        ),
        ("<EventData><Binary>00FF</Binary></EventData>", {"Binary": "00FF"}),
        ("<EventData><P>x</P></EventData>", {"P": "x"}),
        ("<EventData>&lt;string&gt;</EventData>", {}),
        ("", {"Level": 4}),
    ],
)
def test_sections(data, wanted):
    (fields,) = read_all(windows_xml, event(7, data).encode()).fields
    assert {name: fields.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("section", ["<EventData>{}</EventData>", "<UserData><E>{}</E></UserData>"])
def test_changes_of_the_iis_configuration_have_names(section):
    """Events 29 and 50: what was changed, before and after."""
    named = {"EditOperationType": "2", "Configuration": "/system.webServer/a", "NewValue": "x&y"}
    if "User" in section:
        data = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in named.items())
    else:
        data = "".join(f"<Data Name='{n}'>{escape(v)}</Data>" for n, v in named.items())
    provider = "Microsoft-Windows-IIS-Configuration"
    text = event(7, section.format(data), provider, "Microsoft-IIS-Configuration/Operational")
    (fields,) = read_all(windows_xml, text.encode()).fields
    assert {name: fields.get(name) for name in named} == named


def test_cmdlet_events_have_names():
    text = event(7, UNNAMED, "MSExchange CmdletLogs", "MSExchange Management")
    (fields,) = read_all(windows_xml, text.encode()).fields
    assert (fields["Cmdlet"], fields["Parameter.Name"]) == ("Set-User", "x")


def test_batch_answers_like_its_fields():
    (batch,) = read_all(windows_xml, FORMS["lines"].encode()).batches
    assert batch.server(0) == "EX01.contoso.example"
    assert batch.time(0) == 1_767_579_249_123_456
    assert batch.types[0] == EventType("windows", "Security", 4625, "P")
    assert batch.types[0] is batch.types[-1]
    for index in range(len(batch)):
        text = batch.texts[index]
        assert all(orjson.dumps(value).decode() in text for value in batch.fields(index).values())


def test_says_what_the_log_itself_says(corpora: Path):
    """Records of real logs, rendered as XML by the library, against the JSON it gives."""
    compared = 0
    for path in sorted((corpora / "evtx-dev").rglob("*.evtx"))[::20]:
        records = filter(None, PyEvtxParser(str(path)).records())
        texts = [str(record["data"]).partition("?>")[2] for record in records]
        reading = read_all(windows_xml, "".join(texts).encode("utf-8", "replace"))
        assert not reading.skipped
        own = read_all(evtx, path.read_bytes()).fields
        for there, here in zip(own, reading.fields, strict=True):
            for name in ("EventID", "Channel", "Computer", "EventRecordID", "Level", "CommandLine"):
                assert here.get(name) == there.get(name)
            assert there.keys() - here.keys() <= {name for name in there if there[name] is None}
            compared += 1
    assert compared > 100


@pytest.mark.parametrize("count", [2, 3, 7])
def test_shares_give_the_whole(count):
    assert read_all(windows_xml, FORMS["root"].encode(), count).positions == list(range(100, 130))


def test_parts():
    source = MemorySource(FORMS["lines"].encode())
    assert windows_xml.parts(source, 4) == 1
    source.size_bytes = 1 << 30
    assert windows_xml.parts(source, 4) == 4
    source.seekable = False
    assert windows_xml.parts(source, 4) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"<?xml version='1.0'?><configuration/>",
        b"<SearchResults><Event Caller='x'/></SearchResults>",
        b"<html>",
        b"x" + FORMS["lines"].encode(),
    ],
)
def test_is_none(head):
    assert not windows_xml.recognises(head)


class TestDamage:
    def test_the_rest_is_read(self):
        texts = list(EVENTS)
        texts[3] = texts[3].replace("</System>", "")
        texts[5] = texts[5][:200]
        texts[8] = texts[8].replace("a&amp;b", "&bomb;")
        reading = read_all(windows_xml, "\n".join(texts).encode())
        assert reading.records == 27
        assert reading.lost == 3
        assert [one.position for one in reading.skipped] == [
            sum(len(text) + 1 for text in texts[:n]) for n in (3, 5, 8)
        ]

    def test_torn_end(self):
        reading = read_all(windows_xml, FORMS["root"].encode()[:-60])
        assert (reading.records, reading.lost) == (29, 1)

    def test_control_characters(self):
        reading = read_all(windows_xml, EVENTS[0].replace("a&amp;b", "a&#x1;\x02").encode())
        assert reading.fields[0]["User"] == "a\ufffd\ufffd"

    def test_a_bomb_is_no_event(self):
        text = '<!DOCTYPE E [<!ENTITY b "x">]>' + EVENTS[0].replace("a&amp;b", "&b;")
        reading = read_all(windows_xml, text.encode())
        assert (reading.records, reading.lost) == (0, 2)


PIECES = st.sampled_from(
    [EVENTS[0], EVENTS[1][:99], "<Events>", "</Event>", "<Event>", "&", "\n", "\0"]
)


@given(st.lists(PIECES, max_size=8), st.integers(1, 3))
def test_never_raises_and_accounts_for_all(texts, count):
    data = "".join(texts).encode()
    reading = read_all(windows_xml, data, count)
    assert reading.records >= 0
    if "".join(texts).replace("<Events>", "").strip("\0\n"):  # blanks in UTF-16 are none
        assert reading.records + reading.lost
