"""The one place that calls the `evtx` library: chunks in, records as compact JSON out."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import TypedDict

import evtx

from exward.formats.evtx_chunks import CHUNK_BYTES, FILE_HEADER_BYTES, FILE_MAGIC


class Record(TypedDict):
    """What the library gives for a record; `event_record_id` is that of the record's header."""

    data: str
    event_record_id: int
    timestamp: str


def _file_header() -> bytes:
    """A clean header of a log of one chunk (libevtx documentation, "File header")."""
    header = bytearray(FILE_HEADER_BYTES)
    struct.pack_into("<8sQQQIHHHH", header, 0, FILE_MAGIC, 0, 0, 1, 128, 1, 3, 4096, 1)
    struct.pack_into("<I", header, 124, zlib.crc32(bytes(header[:120])))
    return bytes(header)


_FILE_HEADER = _file_header()


def decode(chunk: bytes) -> list[Record] | None:
    """Decode a whole chunk; None if anything in it cannot be decoded."""
    try:
        return list(_records(chunk))
    except (RuntimeError, ValueError, OSError):
        return None
    except BaseException as error:
        if not _is_panic(error):
            raise
        return None


def decode_each(chunk: bytes, limit: int) -> list[Record | str]:
    """Decode record by record: what the library says instead, where it cannot decode one."""
    results: list[Record | str] = []
    try:
        records = _records(chunk)
        while len(results) < limit:
            try:
                results.append(next(records))
            except StopIteration:
                break
            except (RuntimeError, ValueError, OSError) as error:
                results.append(str(error))
    except (RuntimeError, ValueError, OSError) as error:
        results.append(str(error))
    except BaseException as error:
        if not _is_panic(error):
            raise
        results.append(f"the EVTX library failed: {error}")
    return results


def _records(chunk: bytes) -> Iterator[Record]:
    padded = chunk.ljust(CHUNK_BYTES, b"\0")
    parser = evtx.PyEvtxParser(io.BytesIO(_FILE_HEADER + padded), number_of_threads=1)
    records: Iterator[Record] = parser.records_json()  # type: ignore[assignment]
    return records


def _is_panic(error: BaseException) -> bool:
    """A panic in Rust arrives as an exception of PyO3 that cannot be imported by name."""
    return type(error).__name__ == "PanicException"
