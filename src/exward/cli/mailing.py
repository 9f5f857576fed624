"""Writes what is said of mail where the flags say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exward.cli.options import STDOUT
from exward.cli.output import write_text
from exward.cli.terminal import note, send
from exward.model.dmarc import DmarcResult
from exward.model.message import MailResult
from exward.reports import dmarc_jsonl, dmarc_table
from exward.reports.messages.registry import mail_renderers
from exward.yara.loading import load


def compiled_rules(paths: Sequence[str]) -> bytes:
    """The YARA rules below the paths, compiled; b"" if there are none. Tells of broken ones."""
    loaded = load(paths)
    for problem in loaded.broken:
        note(f"a YARA rule is left out: {problem.where}: {problem.reason}")
    return loaded.compiled if loaded.signatures else b""


def write_dmarc(result: DmarcResult, output: str, form: str) -> None:
    """Write what reports say; raises ExwardError if that is not possible."""
    render = dmarc_jsonl.render if form == "jsonl" else dmarc_table.render
    if output == STDOUT:
        send(render(result))
    else:
        write_text(Path(output), render(result))
        note(f"written: {output}")
    if not result.reports:
        note("no DMARC report was found")


def write_mail(result: MailResult, output: str, form: str, report: str) -> None:
    """Write the report, then the results. Raises ExwardError if one cannot be written."""
    renderers = mail_renderers()
    if report:
        write_text(Path(report), renderers["html"].render(result))
        note(f"written: {report}")
    if output == STDOUT:
        send(renderers[form].render(result))
    else:
        write_text(Path(output), renderers[form].render(result))
        note(f"written: {output}")
    if result.skipped:
        note(f"{len(result.skipped):,} pieces could not be read: see the results")
    if not result.messages:
        note("no message was found")
