"""One simulation: a scenario's rows inside a day of ordinary traffic, as files and ground truth."""

from __future__ import annotations

import importlib
import json
import pkgutil
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from exward.model.incident import Verdict
from exward.simulate import config_files
from exward.simulate.traffic import internet, monitoring, operations, people
from exward.simulate.world import DAY, FULL, HOUR, SECOND, Host, Row, World, iso
from exward.simulate.writer import Writer

REQUEST_BYTES = 1_128
"""What one request adds to all logs together, measured."""
FIXED_BYTES = 1_060_000
"""What a day has beside its requests."""
MONITORING_SHARE = 0.865
HOURS = 24


class Scenario(Protocol):
    """A module of `scenarios/`."""

    NAME: str
    TITLE: str
    SERVERS: int
    """How many servers it takes at least."""

    def play(self, world: World) -> None:
        """Add the rows of the intrusion, what a scan has to tell, and the verdicts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to simulate. `start`: midnight of the day, µs UTC; `size_bytes` of all evidence."""

    scenario: str
    folder: Path
    seed: int = 1
    size_bytes: int = 20_000_000
    servers: int = 1
    start: int = 1_772_496_000 * SECOND
    logging: str = FULL
    hours: tuple[int, int] = (0, 24)
    """From which hour of the day to which (not included) there are logs."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    evidence: Path
    files: int
    size_bytes: int
    rows: int


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario by its name."""
    package = importlib.import_module("exward.simulate.scenarios")
    modules = [
        importlib.import_module(f"exward.simulate.scenarios.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]
    return {module.NAME: cast("Scenario", module) for module in modules if hasattr(module, "NAME")}


def simulate(settings: Settings) -> Made:
    """Write the evidence and `expected.json`; the same settings give the same bytes."""
    scenario = scenarios()[settings.scenario]
    count = max(settings.servers, scenario.SERVERS)
    hosts = tuple(Host(f"EX{number:02}", f"10.0.0.{4 + number}") for number in range(1, count + 1))
    world = _world(settings, hosts, "scenario")
    scenario.play(world)
    by_hour: defaultdict[int, list[Row]] = defaultdict(list)
    for row in world.rows:
        by_hour[(row.time - settings.start) // HOUR].append(row)
    evidence = settings.folder / "evidence"
    writer = Writer(evidence)
    for host in hosts:
        writer.file(host, config_files.PATH, _config(world, host))
    for host, path, text in world.files:
        writer.file(host, path, text)
    for of_day in range(*settings.hours):
        writer.write([*_ordinary(settings, hosts, of_day), *by_hour.pop(of_day, [])])
    files = writer.finish()
    (settings.folder / "expected.json").write_text(_truth(settings, world), "utf-8")
    return Made(evidence, files, writer.size_bytes, len(world.rows))


def _world(settings: Settings, hosts: tuple[Host, ...], part: str) -> World:
    rng = random.Random(f"{settings.seed} {settings.scenario} {part}")
    return World(settings.start, hosts, rng, settings.logging)


def _ordinary(settings: Settings, hosts: tuple[Host, ...], of_day: int) -> list[Row]:
    rows: list[Row] = []
    for host in hosts:
        world = _world(settings, hosts, f"{host.name} {of_day}")
        world.processes = 4000 + of_day * 250
        start = settings.start + of_day * HOUR
        share = max(settings.size_bytes // len(hosts) - FIXED_BYTES, 0) / REQUEST_BYTES
        busy = people.OFFICE_HOURS[of_day] / sum(people.OFFICE_HOURS)
        monitoring.hour(world, host, start, max(12, round(share * MONITORING_SHARE / HOURS)))
        people.hour(world, host, start, max(2, round(share * (1 - MONITORING_SHARE) * busy)))
        operations.hour(world, host, start, of_day)
        internet.hour(world, host, start)
        rows += [row for row in world.rows if start <= row.time < start + HOUR]
    return rows


def _config(world: World, host: Host) -> str:
    modules, directories = world.configuration.get(host.name, ((), ()))
    return config_files.application_host(modules, directories)


def _truth(settings: Settings, world: World) -> str:
    verdicts = {
        host.full_name: world.verdicts.get(host.name, Verdict.CLEAN).value for host in world.hosts
    }
    steps = [
        {"stage": one.stage.value, "time": iso(one.time), "server": one.server, "what": one.what}
        for one in sorted(world.expected, key=lambda one: (one.time, one.stage.order))
    ]
    truth = {
        "scenario": settings.scenario,
        "seed": settings.seed,
        "day": [iso(settings.start), iso(settings.start + DAY)],
        "verdicts": verdicts,
        "complete": settings.logging != "default",
        "steps": steps,
    }
    return json.dumps(truth, indent=2) + "\n"
