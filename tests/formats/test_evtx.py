"""EVTX: whole logs, shares, and every kind of damage."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import evtx as library
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import evtx, evtx_chunks
from exward.model.records import EventType
from tests.formats.memory_source import MemorySource, read_all

HEADER = evtx_chunks.FILE_HEADER_BYTES
CHUNK = evtx_chunks.CHUNK_BYTES


@pytest.fixture(scope="module")
def logs(corpora: Path) -> list[Path]:
    return sorted((corpora / "evtx-dev").rglob("*.evtx"))


@pytest.fixture(scope="module")
def large(logs: list[Path]) -> bytes:
    """A log of many chunks."""
    return max(logs, key=lambda path: path.stat().st_size).read_bytes()


@pytest.fixture(scope="module")
def small_log(logs: list[Path]) -> Path:
    """A log of one chunk with a dozen records or more."""
    found = (path for path in logs if path.stat().st_size == HEADER + CHUNK)
    return next(path for path in found if 12 <= expected(path.read_bytes()) <= 60)


@pytest.fixture(scope="module")
def small(small_log: Path) -> bytes:
    return small_log.read_bytes()


def expected(data: bytes) -> int:
    """Live records by the chunks' own count."""
    chunks = [data[at : at + CHUNK] for at in range(HEADER, len(data), CHUNK)]
    live = [chunk for chunk in chunks if chunk.startswith(evtx_chunks.CHUNK_MAGIC)]
    return sum(evtx_chunks.chunk_header(chunk).expected for chunk in live)


def spans(data: bytes) -> list[tuple[int, int]]:
    """(start, end) in the file of each live record."""
    found = []
    for at in range(HEADER, len(data), CHUNK):
        if not data.startswith(evtx_chunks.CHUNK_MAGIC, at):
            continue
        header, offset = evtx_chunks.chunk_header(data[at : at + CHUNK]), at + 512
        for _ in range(header.expected):
            size = struct.unpack_from("<I", data, offset + 4)[0]
            found.append((offset, offset + size))
            offset += size
    return found


def patched(data: bytes, offset: int, new: bytes) -> bytes:
    return data[:offset] + new + data[offset + len(new) :]


def test_reads_every_log_of_the_corpus(logs):
    assert len(logs) == 377
    for path in logs:
        data = path.read_bytes()
        assert evtx.recognises(data[:65_536])
        reading = read_all(evtx, data)
        records: Any = library.PyEvtxParser(io.BytesIO(data), number_of_threads=1).records_json()
        assert reading.texts == [record["data"] for record in records]
        assert not reading.skipped


def test_every_record_answers_like_its_fields(logs):
    for path in logs[::7]:
        for batch in read_all(evtx, path.read_bytes()).batches:
            for index in range(len(batch)):
                fields = batch.fields(index)
                assert batch.position(index) == fields["EventRecordID"]
                assert batch.server(index) == fields["Computer"]
                assert batch.time(index) is not None
                kind = batch.types[index]
                assert (kind.channel, kind.event_id, kind.provider) == (
                    fields["Channel"],
                    fields["EventID"],
                    fields["Provider_Name"],
                )


def test_equal_types_are_one_object(large):
    kinds = [kind for batch in read_all(evtx, large).batches for kind in batch.types]
    assert len({id(kind) for kind in kinds}) == len(set(kinds)) > 1


def test_text_values_stand_in_the_text(large):
    """As `orjson.dumps` writes them; control characters with capital digits."""
    for text in read_all(evtx, large).texts:
        folded = text.lower()
        for value in leaves(orjson.loads(text)):
            assert orjson.dumps(value).decode().lower() in folded


def leaves(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)


@pytest.mark.parametrize("seekable", [True, False])
@pytest.mark.parametrize("count", [2, 3, 7, 40])
def test_shares_give_the_whole(large, count, seekable):
    assert read_all(evtx, large, count, seekable).texts == read_all(evtx, large).texts


def test_parts_are_bounded():
    source = MemorySource(b"")
    source.size_bytes = 1 << 30
    assert evtx.parts(source, 4) == 32
    source.seekable = False
    assert evtx.parts(source, 4) == 4
    source.size_bytes = None
    assert evtx.parts(source, 4) == 1
    assert evtx.parts(MemorySource(b"ElfFile\0"), 8) == 1


class TestDamage:
    @pytest.mark.parametrize(
        ("name", "offset", "new"),
        [
            ("file header zeroed", 0, bytes(HEADER)),
            ("file header counts wrong", 16, bytes(30)),
            ("chunk magic", HEADER, b"XXXXXXXX"),
            ("free space pointer zero", HEADER + 48, bytes(4)),
            ("free space pointer too small", HEADER + 48, struct.pack("<I", 512)),
            ("free space pointer too large", HEADER + 48, struct.pack("<I", 2**31)),
            ("name table", HEADER + 128, b"\xff" * 256),
            ("template table", HEADER + 384, b"\xff" * 128),
            ("checksums", HEADER + 52, b"\xff" * 4),
        ],
    )
    def test_damage_to_frames_costs_nothing(self, small, name, offset, new):
        reading = read_all(evtx, patched(small, offset, new))
        assert reading.texts == read_all(evtx, small).texts, name
        assert not reading.skipped

    def test_without_file_header(self, small):
        assert evtx.recognises(small[HEADER : HEADER + 65_536])
        assert read_all(evtx, small[HEADER:]).texts == read_all(evtx, small).texts

    def test_broken_record_costs_itself_alone(self, small):
        whole = read_all(evtx, small).texts
        start, _ = spans(small)[4]
        reading = read_all(evtx, patched(small, start, b"\xee" * 24))
        assert reading.texts == whole[:4] + whole[5:]
        assert reading.lost == 1

    def test_record_hidden_in_the_one_before_is_read(self, small):
        (start, _), (_, end) = spans(small)[4:6]
        size = struct.pack("<I", end - start)
        hidden = patched(patched(small, start + 4, size), end - 4, size)
        reading = read_all(evtx, hidden)
        assert sorted(reading.texts) == sorted(read_all(evtx, small).texts)

    def test_records_behind_a_stale_header_are_read(self, small):
        whole = read_all(evtx, small).texts
        _, end = spans(small)[5]
        header = evtx_chunks.chunk_header(small[HEADER:])
        stale = patched(small, HEADER + 16, struct.pack("<Q", header.first_number + 5))
        stale = patched(stale, HEADER + 32, struct.pack("<Q", header.first_id + 5))
        stale = patched(stale, HEADER + 48, struct.pack("<I", end - HEADER))
        assert read_all(evtx, stale).texts == whole

    def test_remains_of_earlier_records_are_left_out(self, logs):
        """Exports leave records of the original log behind the live ones."""
        name = "sysmon_13_1_meterpreter_getsystem_NamedPipeImpersonation.evtx"
        data = next(path for path in logs if path.name == name).read_bytes()
        assert data.count(evtx_chunks.RECORD_MAGIC) > expected(data) == 4
        assert read_all(evtx, data[:68_181]).records == 4

    def test_shifted_data_cost_no_chunk(self, large):
        at = HEADER + 2 * CHUNK
        shifted = large[:at] + b"x" * 777 + large[at:]
        whole = read_all(evtx, large).texts
        for count in (1, 2, 5, 9):
            reading = read_all(evtx, shifted, count)
            assert reading.texts == whole
            assert [one.position for one in reading.skipped] == [at]

    def test_unused_space_is_no_loss(self, small):
        reading = read_all(evtx, small + bytes(3 * CHUNK + 100))
        assert reading.texts == read_all(evtx, small).texts
        assert not reading.skipped

    def test_trailing_garbage_is_told(self, small):
        reading = read_all(evtx, small + b"garbage" * 50)
        assert reading.records == expected(small)
        assert [one.position for one in reading.skipped] == [HEADER + CHUNK]

    def test_missing_chunks_are_told(self, large):
        reading = read_all(evtx, large[: HEADER + 3 * CHUNK])
        assert any("after 3 of" in one.reason for one in reading.skipped)

    def test_cut_in_the_file_header(self, small):
        reading = read_all(evtx, small[:1000])
        assert not reading.batches
        assert len(reading.skipped) == 1

    @given(share=st.floats(0, 1))
    def test_cut_anywhere_keeps_what_lies_before(self, small_log, share):
        small = small_log.read_bytes()
        cut = int(len(small) * share)
        before = sum(end <= cut for _, end in spans(small))
        reading = read_all(evtx, small[:cut])
        # The last bytes of a record only repeat its size: cut there, it can still be read.
        assert before <= reading.records <= before + 1
        assert reading.texts == read_all(evtx, small).texts[: reading.records]
        assert bool(reading.skipped) == (before < expected(small) and cut >= 8)

    @given(flips=st.lists(st.tuples(st.integers(0, HEADER + CHUNK - 1), st.integers(0, 255))))
    def test_flipped_bytes_never_raise_and_losses_are_told(self, small_log, flips):
        small = small_log.read_bytes()
        data = bytearray(small)
        for offset, value in flips:
            data[offset] = value
        reading = read_all(evtx, bytes(data))
        if data[HEADER + 8 : HEADER + 52] != small[HEADER + 8 : HEADER + 52]:
            return  # the chunk's own count is damaged: nothing says how many there were
        assert reading.records + reading.lost >= expected(small)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", EventType("windows")),
        ("[]", EventType("windows")),
        ('{"Event":{"System":{"EventID":7}}}', EventType("windows", "", 7, "")),
        (
            '{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},'
            '"EventID":{"#attributes":{"Qualifiers":0},"#text":5},"Level":4,"Channel":null,'
            '"Computer":null},"EventData":{"Computer":"decoy"}}}',
            EventType(
                "windows", "Microsoft-Windows-Sysmon/Operational", 5, "Microsoft-Windows-Sysmon"
            ),
        ),
    ],
)
def test_type_and_server_of_odd_texts(text, kind):
    batch = evtx.EvtxBatch("x")
    batch.texts.append(text)
    batch.ids.append(9)
    assert evtx._Types().of(text) == kind
    assert batch.position(0) == 9
    assert batch.time(0) is None
    if kind.provider:
        assert batch.server(0) == ""


def test_broken_text_is_a_value_error():
    batch = evtx.EvtxBatch("x")
    batch.texts += ["{", "[1]", '{"Event":3}']
    for index in range(3):
        with pytest.raises(ValueError, match=r"."):
            batch.fields(index)
