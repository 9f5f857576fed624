"""The floor: what reading a file costs with the same libraries and nothing else.

python benchmarks/floor.py evtx FILE WORKERS     parse every record and decode its JSON
python benchmarks/floor.py lines FILE WORKERS    read the file in blocks and count lines
"""

from __future__ import annotations

import io
import multiprocessing
import struct
import sys
from pathlib import Path

import evtx
import orjson

HEADER = 4_096
CHUNK = 65_536
GROUP = 64


def parse_evtx(path: str, share: int, shares: int) -> int:
    """Records in every `shares`-th group of chunks."""
    size = Path(path).stat().st_size
    groups = -(-(size - HEADER) // (GROUP * CHUNK))
    records = 0
    with Path(path).open("rb") as file:
        header = bytearray(file.read(HEADER))
        for group in range(share, groups, shares):
            file.seek(HEADER + group * GROUP * CHUNK)
            data = file.read(GROUP * CHUNK)
            count = len(data) // CHUNK
            struct.pack_into("<QQ", header, 8, 0, count - 1)
            struct.pack_into("<H", header, 42, count)
            parser = evtx.PyEvtxParser(io.BytesIO(bytes(header) + data), number_of_threads=1)
            for record in parser.records_json():
                orjson.loads(record["data"])
                records += 1
    return records


def count_lines(path: str, share: int, shares: int) -> int:
    """Line feeds in one share of the file."""
    size = Path(path).stat().st_size
    start, end = size * share // shares, size * (share + 1) // shares
    lines = 0
    with Path(path).open("rb") as file:
        file.seek(start)
        while start < end and (block := file.read(min(1 << 20, end - start))):
            lines += block.count(b"\n")
            start += len(block)
    return lines


def main() -> None:
    """Command line."""
    kind, path, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    work = {"evtx": parse_evtx, "lines": count_lines}[kind]
    with multiprocessing.Pool(workers) as pool:
        counts = pool.starmap(work, [(path, share, workers) for share in range(workers)])
    print(sum(counts))


if __name__ == "__main__":
    main()
