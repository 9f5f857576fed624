"""Write the sample intrusion that `exward demo` shows: python scripts/make_sample.py [FOLDER].

It is a small simulation; the same files come out on every run and machine, and a test compares them
with the shipped ones.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from exward.simulate import run

SHIPPED = Path(__file__).resolve().parents[1] / "src" / "exward" / "content" / "sample"
SCENARIO = "proxyshell"
SEED = 20260303
SIZE_BYTES = 400_000
MORNING = (5, 10)


def main(folder: Path) -> None:
    """Write all files, replacing those of an earlier run."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        settings = run.Settings(SCENARIO, Path(temporary), SEED, SIZE_BYTES, hours=MORNING)
        made = run.simulate(settings)
        shutil.copytree(made.evidence, folder)
    print(f"{folder}: {made.files:,} files, {made.size_bytes:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
