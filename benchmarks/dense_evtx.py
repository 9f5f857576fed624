"""A large, dense EVTX file made by repeating the full chunks of real recordings.

    python benchmarks/dense_evtx.py CORPUS_FOLDER OUT.evtx [--records 500000]

Takes every 64 KiB chunk of the EVTX files below CORPUS_FOLDER of which more than 50,000 bytes are
in use, in the order of the files' names, and repeats the list until there are enough records. The
chunks stay as they are; only the file header is new.
"""

from __future__ import annotations

import argparse
import struct
import zlib
from pathlib import Path

CHUNK = 65_536
HEADER = 4_096
FULL = 50_000


def full_chunks(corpus: Path) -> list[tuple[int, bytes]]:
    """(records, chunk) of every nearly full chunk."""
    found = []
    for path in sorted(corpus.rglob("*.evtx")):
        data = path.read_bytes()
        for start in range(HEADER, len(data) - CHUNK + 1, CHUNK):
            chunk = data[start : start + CHUNK]
            used = struct.unpack_from("<I", chunk, 48)[0]
            if chunk.startswith(b"ElfChnk\0") and FULL < used <= CHUNK:
                first, last = struct.unpack_from("<QQ", chunk, 24)
                found.append((last - first + 1, chunk))
    return found


def write(corpus: Path, target: Path, records: int) -> int:
    """Write the file; how many records its chunks announce."""
    chunks = full_chunks(corpus)
    written = 0
    count = 0
    with target.open("wb") as file:
        file.write(bytes(HEADER))
        while written < records:
            for number, chunk in chunks:
                file.write(chunk)
                written += number
                count += 1
        file.seek(0)
        file.write(_header(count))
    return written


def _header(chunks: int) -> bytes:
    """A file header as [MS-EVEN6] and libevtx document it: version 3.1, clean."""
    counted = min(chunks, 0xFFFF)
    fields = struct.pack(
        "<8sQQQIHHHH", b"ElfFile\0", 0, chunks - 1, chunks + 1, 128, 1, 3, HEADER, counted
    )
    header = bytearray(HEADER)
    header[: len(fields)] = fields
    struct.pack_into("<I", header, 124, zlib.crc32(bytes(header[:120])))
    return bytes(header)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--records", type=int, default=500_000)
    options = parser.parse_args()
    written = write(options.corpus, options.target, options.records)
    print(f"{options.target}: {written} records, {options.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
