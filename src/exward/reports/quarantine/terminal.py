"""A held message in the terminal: every character seen, none acting."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.quarantine import Preview
from exward.reports.visible import cut, size_text, utc_time, visible

MAX_LINE = 2000


def render(shown: Preview) -> Iterator[str]:
    """Yield the lines, line feed included."""
    one = shown.kept.holding
    yield from _pairs(
        ("id", one.id),
        ("state", shown.kept.state.value),
        ("taken", utc_time(one.held_at)),
        ("envelope from", one.mail_from or "<>"),
        ("from server", f"{one.helo} [{one.client}]"),
        ("size", size_text(one.size_bytes)),
    )
    done = {each.recipient: "released" if each.is_done else "release begun"
            for each in shown.kept.deliveries}  # fmt: skip
    yield from _pairs(*(("for", f"{name} {done.get(name, '')}") for name in one.recipients))
    yield _line(f"\n{one.verdict.value} {one.score:.1f}  {', '.join(one.classes)}")
    yield from (_line(f"  {reason.weight:+5.1f}  {reason.why}") for reason in one.reasons)
    yield "\n"
    yield from _pairs(*shown.headers)
    yield "\n"
    yield from (_line(f"  | {line}") for line in shown.text.splitlines() or [""])
    if shown.links:
        yield "\nLinks (not to be followed):\n"
        yield from (_line(f"  {address}  shown as: {text}") for text, address in shown.links)
    if shown.files:
        yield "\nFiles:\n"
        for file in shown.files:
            size = size_text(file.size_bytes)
            yield _line(f"  {file.name}  {file.kind}  {size}  {file.sha256}")
    if shown.is_cut:
        yield "\nMore is not shown.\n"


def _pairs(*pairs: tuple[str, str]) -> Iterator[str]:
    yield from (_line(f"{name + ':':<15} {value}") for name, value in pairs)


def _line(text: str) -> str:
    head = "\n" if text.startswith("\n") else ""
    return f"{head}{cut(visible(text.removeprefix(chr(10))), MAX_LINE)}\n"
