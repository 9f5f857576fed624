"""The plan as Markdown, for a ticket, a wiki or paper.

What comes from evidence stands in code spans, commands in fenced blocks: neither can become
markup, HTML or a link. Commands are one line each and begin with words of our own, so none can
end its block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exward.response.plan import Phase, Plan, PlannedStep
from exward.response.quoting import Command, span

EXTENSION = ".md"

_USE = """\
exward has run none of this. Go from top to bottom; the order matters.

1. Open an elevated Exchange Management Shell on the server that the step names.
2. Run what stands under **Look first**: it changes nothing. Compare with the reasons of the step:
   names in commands come from logs, and an intruder may have written into logs.
3. If it is right, run what stands under **Change**. **Undo** takes it back.
4. Tick the step, with who and when.
"""


def render(plan: Plan) -> Iterator[str]:
    """Yield the page in pieces; line ends are line feeds."""
    yield f"# Repair plan\n\nMade by exward {span(plan.version)}.\n\n{_USE}\n"
    for one in plan.servers:
        because = f": {span(one.because)}" if one.because else ""
        yield f"- {_server(one.server)}, {span(one.verdict or 'no verdict')}{because}\n"
    if not plan.steps:
        yield "\nNo step: the result gives no reason for any.\n"
    for phase in Phase:
        steps = [step for step in plan.steps if step.phase is phase]
        if steps:
            yield f"\n## {phase.capitalize()}\n\n{phase.goal}\n"
            for step in steps:
                yield "".join(_step(step))


def _step(step: PlannedStep) -> Iterator[str]:
    action = step.action
    title = _own(step.title, action.title)
    yield f"\n### [ ] {step.number}. {title}\n\nServer: {_server(step.server)}\n"
    if step.after:
        yield f"\nAfter: step {', '.join(map(str, step.after))}\n"
    yield "\n**Why**\n\n" if action.reasons else ""
    for reason in action.reasons:
        place = f", at {span(reason.place)}" if reason.place else ""
        yield f"- {span(reason.text)}{place}\n"
    yield from (f"\nNote: {span(note)}\n" for note in action.notes)
    yield from _block("Look first", action.preview)
    yield from _block("Change", action.change)
    yield "\n**By hand**\n\n" if action.by_hand else ""
    yield from (f"- {text}\n" for text in action.by_hand)
    yield f"\n**Effect**: {_own(step.effect, action.effect)}\n"
    yield from _block("Undo", action.undo)
    yield f"\n**May break**: {_own(step.breaks, action.breaks)}\n" if step.breaks else ""


def _block(label: str, lines: Sequence[Command]) -> Iterator[str]:
    if lines:
        yield f"\n**{label}**\n\n```powershell\n"
        yield from (f"{line}\n" for line in lines)
        yield "```\n"


def _own(text: str, given: str) -> str:
    """A text of a step is our own Markdown, what an action gave instead is not."""
    return span(given) if given else text


def _server(name: str) -> str:
    return span(name) if name else "(not named)"
