"""`docs/checks.md`: every check of a server's set-up, with what is right and where that stands."""

from __future__ import annotations

from collections.abc import Iterator

from exward.posture.checks.interface import Check
from exward.posture.checks.registry import checks


def checks_page(mark: str) -> Iterator[str]:
    """A list, then one section for each check."""
    every = checks()
    yield from ("# Checks of a server's set-up", "", mark, "")
    yield from (
        f"What `exward posture` asks about settings: {len(every)} checks. Each answers `pass`,",
        "`fail`, `unknown` (what decides was not collected) or `not-applicable`. exward changes",
        "nothing: a fix is for you to run, after its preview; the undo takes it back.",
        "Vulnerabilities, updates and support are judged besides ([posture.md](posture.md)).",
        "",
        "| check | the good state | severity |",
        "| --- | --- | --- |",
    )
    yield from (
        f"| [`{one.ID}`](#{one.ID}) | {_cell(one.TITLE)} | {one.SEVERITY} |" for one in every
    )
    for check in every:
        yield from _section(check)


def _section(check: Check) -> Iterator[str]:
    yield from ("", f"## {check.ID}", "", f"**{check.TITLE}** ({check.SEVERITY})", "")
    yield from (check.WHY, "")
    yield f"- Right: {check.GOOD}"
    yield f"- Read from: {', '.join(f'`{area}`' for area in check.READS)}"
    yield f"- Fix: ``{check.FIX.change}``"
    yield f"- Preview: ``{check.FIX.preview}``"
    yield f"- Undo: ``{check.FIX.undo}``"
    if check.FIX.breaks:
        yield f"- May break: {check.FIX.breaks}"
    yield f"- Sources: {', '.join(f'<{address}>' for address in check.SOURCES)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
