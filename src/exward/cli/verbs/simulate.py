"""`exward simulate SCENARIO --out DIR`: made-up evidence of a named intrusion, to try exward on."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from exward.cli import exits
from exward.cli.options import COMMON_OPTIONS
from exward.cli.terminal import note, show
from exward.model.errors import UsageError

_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9}
MAX_BYTES = 100 * 10**9


def _run(scenario: str | None, **values: Any) -> int:
    from exward.simulate import run

    if values["list_all"] or scenario is None:
        for name, known in run.scenarios().items():
            show(f"{name:<22}  {known.TITLE}")
        return exits.DONE
    if scenario not in run.scenarios():
        raise UsageError("there is no such scenario", "`exward simulate --list` has all", scenario)
    if values["out"] is None:
        raise UsageError("say where to write", "give --out DIR", "--out")
    folder = Path(values["out"])
    _make_room(folder, values["force"])
    made = run.simulate(
        run.Settings(
            scenario=scenario,
            folder=folder,
            seed=values["seed"],
            size_bytes=_size(values["size"]),
            servers=values["servers"],
            start=_midnight(values["date"]),
            logging=values["logging"],
        )
    )
    if values["zip"]:
        shutil.make_archive(str(made.evidence), "zip", folder, "evidence")
    show(f"{made.files:,} files, {made.size_bytes:,} bytes in {made.evidence}")
    if values["logging"] == "default":
        note(
            f"what happened is in {folder / 'expected.json'}; "
            "default logging does not show all of it"
        )
    else:
        note(f"what a scan has to say is in {folder / 'expected.json'}")
    note(f"next: exward scan {made.evidence} --report report.html")
    return exits.DONE


def _make_room(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError("is no folder", "name another", f"--out {folder}")
    if folder.is_dir() and any(folder.iterdir()):
        if not force or not (folder / "expected.json").is_file():
            hint = "name an empty folder; --force replaces an earlier simulation only"
            raise UsageError("is not empty", hint, f"--out {folder}")
        shutil.rmtree(folder / "evidence", ignore_errors=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"cannot be made: {error.strerror or error}", "choose another place", f"--out {folder}"
        ) from error


def _size(text: str) -> int:
    number, unit = text[:-2], text[-2:].lower()
    if unit not in _UNITS or not number.replace(".", "", 1).isdecimal():
        raise UsageError("must be such as 20MB or 1.5GB", "", "--size")
    size = int(float(number) * _UNITS[unit])
    if not 0 < size <= MAX_BYTES:
        raise UsageError("is too small or too large", f"at most {MAX_BYTES:,} bytes", "--size")
    return size


def _midnight(text: str) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("must be a date such as 2026-03-03", "", "--date") from error
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000


command = click.Command(
    "simulate",
    callback=_run,
    params=[
        click.Argument(["scenario"], required=False),
        click.Option(["--list", "list_all"], is_flag=True, help="List the scenarios."),
        click.Option(["--out"], type=click.Path(), help="Folder to write into; must be empty."),
        click.Option(["--seed"], type=int, default=1, show_default=True,
                     help="The same seed gives the same bytes."),
        click.Option(["--size"], default="20MB", show_default=True,
                     help="About how much evidence: 1MB to 100GB."),
        click.Option(["--servers"], type=click.IntRange(1, 50), default=1, show_default=True,
                     help="How many Exchange servers."),
        click.Option(["--date"], default="2026-03-03", show_default=True, help="The day, UTC."),
        click.Option(["--logging"], type=click.Choice(["full", "default"]), default="full",
                     show_default=True,
                     help="`default`: no Sysmon, no process or share auditing."),
        click.Option(["--zip"], is_flag=True, help="Also write evidence.zip."),
        click.Option(["--force"], is_flag=True, help="Replace an earlier simulation."),
        *COMMON_OPTIONS,
    ],
    help=(
        "Write made-up evidence: a named intrusion inside a day of ordinary traffic.\n\n"
        "Logs lie where they lie on a real server, and look as they do there. Beside them, "
        "expected.json says what a scan has to find."
    ),
)  # fmt: skip
