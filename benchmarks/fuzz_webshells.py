"""Feeds damaged and made-up files to the web-shell analysis and writes down what came of it.

    python benchmarks/fuzz_webshells.py --inputs 1000000 --seed 1 --write benchmarks/FUZZ.md

The inputs are those of `tests/fuzz`: pages and programs made of what the analysis knows, and the
project's own samples, or those of a corpus (`--corpus`, as for `webshells.py`), cut, joined,
repeated and damaged. At one commit, an input is told by the seed and its number: `--only NUMBER`
tries it again. The slowest input and the smallest of each failure are kept in `--keep FOLDER`; the
exit code is 1 if anything failed. What is analysed is data: nothing of it is run.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.measured import machine  # noqa: E402
from tests.fuzz.inputs import Input, Sample, collected_samples, made, own_samples  # noqa: E402
from tests.fuzz.run import MEMORY_BYTES, Tally, record, run  # noqa: E402
from tests.fuzz.trial import smallest, tried  # noqa: E402

BATCH = 250
WRITTEN_EACH = 100
"""Batches after which the record is written anew."""
_samples: tuple[Sample, ...] = ()


def main() -> int:
    """Run, write the record, keep the smallest input of each failure; 1 if anything failed."""
    options = _options()
    samples = own_samples()
    if options.corpus is not None:
        samples += collected_samples(options.corpus)
    logging.disable()  # the library for assemblies says of each damaged one that it is
    if options.only is not None:
        given = made(options.seed, options.only, samples)
        print(given.kind, given.path, tried(given))
        return 0
    started = time.perf_counter()
    tally = Tally()
    for number, part in enumerate(_parts(options, samples), 1):
        tally.merge(part)
        done = sum(tally.counts.values())
        failed = sum(map(len, tally.failures.values()))
        print(f"\r{done:,} inputs, {failed:,} failed ", end="", file=sys.stderr)
        if number % WRITTEN_EACH == 0:
            _record(tally, options, started)
    print(f"\n{_record(tally, options, started)}")
    seconds, slow, *_ = tally.slowest[0]
    _keep(options.keep, "slowest", made(options.seed, slow, samples), f"{seconds:.2f} s")
    for number, failure in enumerate(sorted(tally.failures)):
        given = smallest(made(options.seed, min(tally.failures[failure]), samples), failure)
        _keep(options.keep, str(number), given, failure)
    return 1 if tally.failures else 0


def _record(tally: Tally, options: argparse.Namespace, started: float) -> str:
    """What was tried until now: a run of hours that is stopped has its record, too."""
    about = (
        f"Seed {options.seed}, {options.jobs} processes, {time.perf_counter() - started:,.0f} s."
        f"\n{machine()}, {datetime.datetime.now(datetime.UTC).date()}."
    )
    text = record(tally, about)
    if options.write is not None:
        options.write.write_text(text, encoding="utf-8")
    return text


def _keep(folder: Path, name: str, given: Input, what: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ending = given.path.rpartition(".")[2]
    (folder / f"{name}.{ending}.sample").write_bytes(given.data)
    (folder / f"{name}.txt").write_text(f"{what}\n{given.path}\n", encoding="utf-8")


def _parts(options: argparse.Namespace, samples: tuple[Sample, ...]) -> Iterator[Tally]:
    batches = [
        range(start, min(options.inputs, start + BATCH))
        for start in range(0, options.inputs, BATCH)
    ]
    with ProcessPoolExecutor(options.jobs, initializer=_begin, initargs=(samples,)) as pool:
        yield from pool.map(_batch, [options.seed] * len(batches), batches)


def _begin(samples: tuple[Sample, ...]) -> None:
    global _samples  # noqa: PLW0603 - handed to each worker once, not with each batch
    _samples = samples
    logging.disable()
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _batch(seed: int, numbers: range) -> Tally:
    return run(seed, numbers, _samples)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--corpus", type=Path, help="folder of samples with manifest.jsonl")
    parser.add_argument("--only", type=int, help="try the one input of this number")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--write", type=Path, help="a file for the record, in Markdown")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
