"""A password spray that finds nothing."""

from __future__ import annotations

from exward.model.incident import Verdict
from exward.simulate.scenarios import spray_to_theft
from exward.simulate.world import MINUTE, PEOPLE, SECOND, World

NAME = "blocked-spray"
TITLE = "A password spray without success"
SERVERS = 1


def play(world: World) -> None:
    """From 01:00, three rounds over all accounts."""
    start = world.at("01:00:00")
    for round_ in range(3):
        for number, user in enumerate(PEOPLE):
            time = start + round_ * 9 * MINUTE + number * 4 * SECOND
            spray_to_theft.refused(world, time, user)
    world.expect("initial-access", start, "many accounts tried from one address")
    world.verdicts[world.host.name] = Verdict.ATTEMPTED
