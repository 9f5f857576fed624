"""What changed in watched groups: who came, who went, when and by whose hand."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.changes import Change, hands
from exward.access.checks.group_members import removal
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model.finding import Confidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

ADDED = Rule(
    id="access-member-added",
    title="Member added to a high-profile group",
    techniques=("T1098.007",),
    advice="Ask who ordered it; remove the member if nobody did.",
)
REMOVED = Rule(
    id="access-member-removed",
    title="Member removed from a high-profile group",
    techniques=("T1098",),
    advice="Ask whether it was meant: attackers cover their tracks so, too.",
)
RULES = (ADDED, REMOVED)


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each group, member and direction; repetition is counted."""
    merged: dict[tuple[str, str, bool], list[Change]] = {}
    reaches = _reaches(view)
    for one in view.changes:
        for group in sorted(reaches.get(one.group, ())):
            merged.setdefault((group, one.member, one.added), []).append(one)
    for (group, member, added), changes in sorted(merged.items()):
        yield _finding(view, (group, member), added, changes)


def _reaches(view: View) -> dict[str, set[str]]:
    """Group → watched groups that its members are in, itself or through nesting."""
    found: dict[str, set[str]] = {}
    for watched in view.watched:
        waiting = [watched]
        while waiting:
            group = waiting.pop()
            if watched not in found.setdefault(group, set()):
                found[group].add(watched)
                inside = view.directory.members.get(group, {})
                waiting += [one for one in inside if one in view.directory.members]
    return found


def _advice(view: View, about: tuple[str, str]) -> str:
    """With the commands, if the member is still there."""
    group, member = about
    path = view.members[group].get(member)
    if path is None:
        return ADDED.advice
    remove, undo = removal(view, path, member)
    return f"Ask who ordered it; if nobody did: {remove}. Undo: {undo}."


def _finding(view: View, about: tuple[str, str], added: bool, changes: list[Change]) -> Finding:
    group, member = about
    directory, watched = view.directory, view.watched[group]
    times = [one.time for one in changes if one.time is not None]
    through = sorted({directory.name(one.group) for one in changes if one.group != group})
    said = f"{directory.name(member)} was {'added' if added else 'removed'}"
    said += f" through {', '.join(through)}" if through else ""
    level = watched.level if added else Severity.LOW
    return make(
        ADDED if added else REMOVED,
        Said(
            title=f"Member {'added to' if added else 'removed from'} {directory.name(group)}: "
            f"{directory.name(member)}",
            why=f"{said} {hands(changes)}. {watched.why}",
            severity=level,
            about=(group, member, str(added)),
            places=[
                (one.place, {"group": directory.name(one.group), "member": directory.name(member),
                             "by": one.by})
                for one in changes
            ],
            advice=_advice(view, about) if added else "",
            server=view.domain(group),
            account=directory.name(member),
            first=min(times, default=None),
            grade=Grade.SUCCESS,
            confidence=Confidence.MEDIUM,
            stage=Stage.ACCOUNT if times else Stage.ACCESS_REVIEW,
        ),
    )  # fmt: skip
