"""Nothing happens."""

from __future__ import annotations

from exward.simulate.world import World

NAME = "benign"
TITLE = "A day on which nobody attacks"
SERVERS = 1


def play(world: World) -> None:
    """Nothing to add."""
    del world
