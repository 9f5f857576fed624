"""Everything that is said of one server: its build, its vulnerabilities, its set-up."""

from __future__ import annotations

from datetime import date

from exward.model.outcome import Outcome
from exward.model.posture import Precision, ServerPosture, Support
from exward.model.severity import Severity
from exward.posture import vulnerabilities
from exward.posture.checks import registry
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Facts
from exward.posture.inventory import Inventory
from exward.posture.patches import posture_of

_BUILDS = "https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates"
_LIFECYCLE = "https://learn.microsoft.com/lifecycle/products/"


def assess(
    inventory: Inventory, facts: Facts, today: date
) -> tuple[ServerPosture, tuple[Outcome, ...]]:
    """Judge one server as of a day."""
    posture, found = assess_build(inventory, facts, today)
    return posture, (*found, *registry.ask(inventory))


def assess_build(
    inventory: Inventory, facts: Facts, today: date
) -> tuple[ServerPosture, tuple[Outcome, ...]]:
    """Judge what follows from the build: updates, support and vulnerabilities, no settings."""
    posture = posture_of(inventory, facts, today)
    found = vulnerabilities.outcomes(inventory, facts)
    return posture, (_newest(posture), _supported(posture), *found)


def _newest(posture: ServerPosture) -> Outcome:
    answer = _newest_answer(posture)
    return Outcome(
        check="newest-update",
        title="The newest security update is installed",
        status=answer.status,
        severity=Severity.HIGH,
        server=posture.server,
        reason=answer.reason,
        fix=_install(posture),
        references=(_BUILDS,),
        why="Attackers compare each update with the one before and exploit what it fixed in days.",
        preview="(Get-Item $env:ExchangeInstallPath\\Bin\\ExSetup.exe).VersionInfo.FileVersion",
        undo="Control Panel, installed updates; a cumulative update cannot be taken back.",
        breaks="The server restarts; customised web.config files are overwritten.",
        read_from=posture.read_from,
    )


def _install(posture: ServerPosture) -> str:
    steps = ", then ".join(f"{one.label} ({one.build})" for one in posture.missing)
    return f"Install {steps}." if steps else ""


def _newest_answer(posture: ServerPosture) -> Answer:
    if posture.precision is Precision.UNKNOWN:
        return unknown("The build is not known.")
    if posture.precision is Precision.CU_ONLY and len(posture.missing) < 2:
        return unknown(f"Only the cumulative update is known: {posture.label}.")
    if not posture.missing and not posture.listed:
        return unknown(
            f"Build {posture.build} is newer than the facts, which end on {posture.facts_as_of}: "
            "renew them with exward update."
        )
    if not posture.missing:
        return passed(f"{posture.label} is the newest known on {posture.facts_as_of}.")
    names = ", then ".join(one.label for one in posture.missing)
    behind = "" if posture.days_behind is None else f", {posture.days_behind:,} days behind"
    return failed(f"{posture.label} is installed{behind}; missing: {names}.")


def _supported(posture: ServerPosture) -> Outcome:
    answer = _supported_answer(posture)
    return Outcome(
        check="supported-product",
        title="The product gets security updates",
        status=answer.status,
        severity=Severity.CRITICAL,
        server=posture.server,
        reason=answer.reason,
        fix="Move to Exchange Server SE.",
        references=(_LIFECYCLE,),
        why="What is found from now on stays open for ever, and attackers know.",
        read_from=posture.read_from,
    )


def _supported_answer(posture: ServerPosture) -> Answer:
    if posture.support is Support.UNKNOWN:
        return unknown("The product is not known.")
    if posture.support is Support.SUPPORTED:
        return passed(f"{posture.product} is supported.")
    ended = f"Support for {posture.product} ended on {posture.support_end}"
    if posture.support is Support.PAID:
        return unknown(f"{ended}; whether updates are paid for does not show.")
    return failed(f"{ended}: there are no further fixes.")
