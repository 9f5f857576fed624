"""`exward doctor --defences`: do the defences of the servers in the evidence work?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from exward.cli import exits
from exward.cli.interrupt import interruptible
from exward.cli.progress import Unseen
from exward.cli.sample import defences_path
from exward.cli.terminal import show
from exward.incidents.defences import Defence, State, judge
from exward.model.result import ScanResult
from exward.scan import pipeline

KINDS = {"log": "Logs", "antivirus": "Antivirus", "stage": "Steps of an attack"}
EICAR = """\
To test the antivirus by hand, on each server (exward never writes such a file):
  1. Open https://www.eicar.org/download-anti-malware-testfile/ on another machine. Copy the line
     of 68 characters into Notepad on the server, and save it as eicar.txt on the desktop.
  2. The file has to vanish at once. Events 1116 and 1117 in the log
     Microsoft-Windows-Windows Defender/Operational name EICAR.
  3. Save it once more in C:\\inetpub\\wwwroot\\aspnet_client: is it found there, too? If it stays,
     an exclusion covers the folder in which web shells lie. Delete it.
  4. Collect the log, and run this again: the row `test` becomes ok."""


def run_defences(paths: Sequence[str], cache_dir: str | None) -> int:
    """Read the evidence, print a table for each server, and return the exit code.

    1: a defence is broken; 4: none is, but some evidence could not be read or held no record.
    """
    settings = pipeline.ScanSettings(
        paths=tuple(paths), rule_dirs=(defences_path(),), cache_dir=cache_dir
    )
    with interruptible() as cancelled:
        result = pipeline.scan(settings, Unseen(cancelled))
    defences = judge(result.coverage, result.stages, result.findings)
    show(*lines(defences))
    if any(one.kind == "antivirus" and one.name == "test" and one.state is not State.OK
           for one in defences):  # fmt: skip
        show("", EICAR)
    if result.skipped:
        show("", f"{len(result.skipped):,} pieces of evidence could not be read: `exward scan`.")
    return _exit_code(result, defences)


def lines(defences: Sequence[Defence]) -> Iterator[str]:
    """The table of each server; says so if no evidence names one."""
    if not defences:
        yield "No record of any server was read: this says nothing about defences."
    for server, rows in groupby(defences, key=lambda one: one.server):
        own = list(rows)
        counts = {state: sum(one.state is state for one in own) for state in State}
        yield ""
        yield f"{server or '(not named)'}  " + ", ".join(
            f"{count} {state}" for state, count in counts.items() if count
        )
        for kind, ones in groupby(own, key=lambda one: one.kind):
            yield f"  {KINDS[kind]}"
            yield from (f"    {one.state:<8} {one.name}: {one.detail}" for one in ones)


def _exit_code(result: ScanResult, defences: Sequence[Defence]) -> int:
    if result.run.interrupted:
        return exits.INTERRUPTED
    if any(one.state is State.BROKEN for one in defences):
        return exits.FINDINGS
    return exits.INCOMPLETE if result.skipped or not defences else exits.DONE
