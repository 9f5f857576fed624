"""The repair plan as a value: steps in the order in which they are to be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from exward.response.quoting import Command


class Phase(StrEnum):
    """The phases of a response, in order (the sequence of NIST SP 800-61, in verbs)."""

    CONTAIN = "contain"
    PRESERVE = "preserve"
    EVICT = "evict"
    PATCH = "patch"
    HARDEN = "harden"
    VERIFY = "verify"

    @property
    def order(self) -> int:
        """Position in the plan, 0 first."""
        return list(Phase).index(self)

    @property
    def goal(self) -> str:
        """What the phase is for, in one sentence."""
        return _GOALS[self]


_GOALS = {
    Phase.CONTAIN: "Stop what is going on, without destroying what proves it.",
    Phase.PRESERVE: "Keep the evidence before anything is removed: what is gone stays gone.",
    Phase.EVICT: "Take away everything that lets the intruder come back.",
    Phase.PATCH: "Close the way in, before the server is reachable again.",
    Phase.HARDEN: "Make the next attempt harder, and visible.",
    Phase.VERIFY: "Prove that it worked, then reopen.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is there: a finding or outcome, and where the evidence for it lies ("": n/a).

    Both texts come from evidence and are hostile.
    """

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Action:
    """What one step does on one server.

    `preview` only looks, `change` changes, `undo` takes the change back: PowerShell, one line
    each. `title` "" is the step's own. `by_hand` is what no command does. `notes` and
    `references` come from evidence or checks and are hostile.
    """

    reasons: tuple[Reason, ...]
    preview: tuple[Command, ...] = ()
    change: tuple[Command, ...] = ()
    undo: tuple[Command, ...] = ()
    by_hand: tuple[str, ...] = ()
    title: str = ""
    effect: str = ""
    breaks: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A numbered step; `after` are the numbers of steps that have to be done before it."""

    number: int
    id: str
    phase: Phase
    server: str
    title: str
    effect: str
    breaks: str
    action: Action
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ServerStanding:
    """A server of the plan and its verdict, in words."""

    server: str
    verdict: str
    because: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a form needs. `version` is exward's."""

    version: str
    servers: tuple[ServerStanding, ...]
    steps: tuple[PlannedStep, ...]
