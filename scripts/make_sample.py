"""Write the sample intrusion that `exward demo` shows: python scripts/make_sample.py [FOLDER].

The same files come out on every run and machine; a test compares them with the shipped ones.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from intrusion_sample import attack, background, web_log
from intrusion_sample import windows_events as win

SHIPPED = Path(__file__).resolve().parents[1] / "src" / "exward" / "content" / "sample"
SEED = 20260303
_FILES = {
    "Security": ("Security.jsonl", 918_204),
    "System": ("System.jsonl", 44_120),
    "Microsoft-Windows-Sysmon/Operational": ("Sysmon.jsonl", 771_350),
    "Microsoft-Windows-Windows Defender/Operational": ("Defender.jsonl", 2_310),
    "Microsoft-Windows-PowerShell/Operational": ("PowerShell.jsonl", 9_012),
    "MSExchange Management": ("MSExchange-Management.jsonl", 30_551),
}
"""Channel to file, and the number of its first record."""


def files() -> Iterator[tuple[str, str]]:
    """Name and text of every file of the sample."""
    rng = random.Random(SEED)
    requests = sorted(
        [*background.requests(rng), *attack.requests(rng)],
        key=lambda hit: (hit.moment, hit.request),
    )
    lines = [web_log.line(hit.moment, hit.request) for hit in requests]
    yield "u_ex260303.log", web_log.header(background.START) + "".join(f"{x}\n" for x in lines)
    events = sorted(
        [*background.events(rng), *attack.events()],
        key=lambda timed: (timed.log.channel, timed.moment, timed.event_id),
    )
    for channel, timed in groupby(events, key=lambda event: event.log.channel):
        name, first = _FILES[channel]
        records = (
            win.event(one.log, one.event_id, one.moment, first + number, one.data)
            for number, one in enumerate(timed)
        )
        yield name, "".join(f"{win.line(record)}\n" for record in records)


def main(folder: Path) -> None:
    """Write all files, replacing those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{folder / name}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
