"""The plan as a PowerShell file in which every line is a comment.

Run as it is, the file does nothing. The signs in front of commands differ, so that whoever takes
them away decides for each kind: look, change, take back.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.plan import Phase, Plan, PlannedStep
from exward.response.quoting import comment

EXTENSION = ".ps1"
PREVIEW, RUN, UNDO = "#PREVIEW ", "#RUN ", "#UNDO "
LINE_END = "\r\n"
RULE = "# " + "=" * 78

_USE = (
    "This file does nothing as it is: every line is a comment. exward has run none of it.",
    "1. Read it from the top; the order matters. Steps name the steps they need before them.",
    "2. Open an elevated Exchange Management Shell on the server that the step names.",
    "3. Paste what stands behind #PREVIEW. It only looks. Compare with the reasons of the step:",
    "   names in commands come from logs, and an intruder may have written into logs.",
    "4. If it is right, paste what stands behind #RUN. What stands behind #UNDO takes it back.",
    "5. To make a script of it, take away #PREVIEW or #RUN at the start of lines you decided on.",
)


def render(plan: Plan) -> Iterator[str]:
    """Yield the file's lines, plain ASCII with the line ends of Windows."""
    for line in _lines(plan):
        yield line + LINE_END


def _lines(plan: Plan) -> Iterator[str]:
    yield from comment("Plan", f"repair, made by exward {plan.version}")
    yield "#"
    yield from (f"# {line}" for line in _USE)
    yield "#"
    for one in plan.servers:
        yield from comment(
            "Server", f"{one.server or '(not named)'}: {one.verdict or 'no verdict'}"
        )
        if one.because:
            yield from comment("", one.because)
    if not plan.steps:
        yield from comment("Steps", "none: the result gives no reason for any")
    for phase in Phase:
        steps = [step for step in plan.steps if step.phase is phase]
        if steps:
            yield from ("", RULE, f"# {phase.upper()}. {phase.goal}", RULE)
            for step in steps:
                yield ""
                yield from _step(step)


def _step(step: PlannedStep) -> Iterator[str]:
    action = step.action
    yield from comment(f"Step {step.number}", step.title)
    yield from comment("Server", step.server or "(not named)")
    for reason in action.reasons:
        yield from comment("Why", reason.text)
        if reason.place:
            yield from comment("  at", reason.place)
    if step.after:
        yield from comment("After", "step " + ", ".join(map(str, step.after)))
    for note in action.notes:
        yield from comment("Note", note)
    yield from (PREVIEW + line for line in action.preview)
    yield from (RUN + line for line in action.change)
    for text in action.by_hand:
        yield from comment("By hand", text)
    yield from comment("Effect", step.effect)
    yield from (UNDO + line for line in action.undo)
    if step.breaks:
        yield from comment("May break", step.breaks)
