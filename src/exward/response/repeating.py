"""Steps that do the same for each of several things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exward.response.case import MAX_TARGETS, Target, distinct, left_out, reasons_of
from exward.response.plan import Action
from exward.response.quoting import Command, command, is_name


@dataclass(frozen=True, slots=True)
class Templates:
    """Lines of PowerShell of our own; each `{}` stands for the thing's name.

    `undo_detail`: the same, where the second `{}` stands for the target's detail; only for
    targets that have one.
    """

    preview: tuple[str, ...]
    change: tuple[str, ...]
    undo: tuple[str, ...] = ()
    undo_detail: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


def for_each(targets: Iterable[Target], templates: Templates) -> Iterable[Action]:
    """One action for all targets whose name can name one thing; none if there is none."""
    named = distinct(one for one in targets if is_name(one.name))
    if not named:
        return ()
    chosen = named[:MAX_TARGETS]
    undo = _filled(templates.undo, chosen)
    for template in templates.undo_detail:
        undo += tuple(command(template, one.name, one.detail) for one in chosen if one.detail)
    return (
        Action(
            reasons=reasons_of(chosen),
            preview=_filled(templates.preview, chosen),
            change=_filled(templates.change, chosen),
            undo=undo,
            by_hand=templates.by_hand,
            notes=left_out(named),
        ),
    )


def _filled(templates: tuple[str, ...], targets: tuple[Target, ...]) -> tuple[Command, ...]:
    return tuple(
        command(template, *[target.name] * template.count("{}"))
        for target in targets
        for template in templates
    )
