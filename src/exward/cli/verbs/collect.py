"""`exward collect`: writes the script that gathers evidence on an Exchange server."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from exward.cli import exits
from exward.cli.options import COMMON_OPTIONS, STDOUT
from exward.cli.terminal import note, send, show
from exward.collector import script
from exward.model.errors import ExwardError, UsageError

DEFAULT_OUTPUT = "exward-collect.ps1"


def _run(output: str, days: int, what: tuple[str, ...], list_all: bool) -> int:
    if list_all:
        for name in script.areas():
            show(f"{name:<22}  {script.about(name)}")
        return exits.DONE
    chosen = [name.strip() for text in what for name in text.split(",") if name.strip()]
    text = script.make_script(days, chosen)
    if output == STDOUT:
        send([text])
        return exits.DONE
    _write(Path(output), text)
    note(f"written: {output}, SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}")
    note("on the server, as administrator: first what it would take, then the collection")
    command = "powershell.exe -NoProfile -ExecutionPolicy Bypass -File"
    note(f"  {command} .\\{Path(output).name} -EstimateOnly")
    note(f"  {command} .\\{Path(output).name} -OutputPath D:\\")
    return exits.DONE


def _write(path: Path, text: str) -> None:
    if path.is_dir():
        raise UsageError("is a folder", "name a file in it", f"--output {path}")
    try:
        path.write_bytes(text.encode("ascii"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExwardError(
            f"cannot be written: {reason}", "free space or rights?", str(path)
        ) from error


def _callback(**values: Any) -> int:
    return _run(values["output"], values["days"], values["what"], values["list_all"])


command = click.Command(
    "collect",
    callback=_callback,
    params=[
        click.Option(["--output"], default=DEFAULT_OUTPUT, show_default=True, metavar="FILE",
                     help="Where to write the script (`-` is standard output)."),
        click.Option(["--days"], type=click.IntRange(1, script.MAX_DAYS),
                     default=script.DEFAULT_DAYS, show_default=True,
                     help="How many days of logs it takes unless told otherwise (-Days)."),
        click.Option(["--what"], multiple=True, metavar="AREAS",
                     help="Only these areas, with commas; may be given more than once."),
        click.Option(["--list", "list_all"], is_flag=True, help="List the areas."),
        *COMMON_OPTIONS,
    ],
    help=(
        "Write a read-only PowerShell script that gathers evidence on an Exchange server.\n\n"
        "It puts inventory, settings, groups, hashes of web files and the logs of some days into "
        "one zip, for `exward scan`, `posture` and `access`. docs/collector.md says how to run it."
    ),
)  # fmt: skip
