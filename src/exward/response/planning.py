"""From a result to its repair plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from exward.model.result import ScanResult
from exward.response.case import Case, cases
from exward.response.plan import Action, Phase, Plan, PlannedStep, ServerStanding
from exward.response.steps.interface import Step
from exward.response.steps.registry import steps


def make_plan(result: ScanResult) -> Plan:
    """All steps for all servers: phase by phase, in it server by server, in it by rank.

    A server whose result gives no reason for anything has no step.
    """
    known = cases(result)
    planned: list[PlannedStep] = []
    numbers: dict[tuple[str, str], list[int]] = {}
    for case, step, action in _wanted(known):
        number = len(planned) + 1
        after = [one for id_ in step.AFTER for one in numbers.get((case.server, id_), ())]
        numbers.setdefault((case.server, step.ID), []).append(number)
        planned.append(
            PlannedStep(
                number=number,
                id=step.ID,
                phase=step.PHASE,
                server=case.server,
                title=action.title or step.TITLE,
                effect=action.effect or step.EFFECT,
                breaks=action.breaks or step.BREAKS,
                action=action,
                after=tuple(sorted(after)),
            )
        )
    return Plan(result.run.version, tuple(map(_standing, known)), tuple(planned))


def _wanted(known: list[Case]) -> Iterator[tuple[Case, Step, Action]]:
    for phase in Phase:
        own = [step for step in steps() if step.PHASE is phase]
        for case, step in product(known, own):
            for action in step.actions(case):
                yield case, step, action


def _standing(case: Case) -> ServerStanding:
    if case.verdict is None:
        return ServerStanding(case.server, "", "")
    return ServerStanding(case.server, case.verdict.verdict, case.verdict.because)
