"""Uninstall transport agents that the intruder put into the mail flow."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, Sight, Target
from exward.response.plan import Action, Phase
from exward.response.repeating import Templates, for_each

ID = "remove-transport-agents"
PHASE = Phase.EVICT
RANK = 90
AFTER = ("keep-evidence",)
TITLE = "Uninstall foreign transport agents"
EFFECT = "No foreign code sees or changes mail."
BREAKS = "Antispam and archive products are agents, too. The transport service restarts."
_AGENT_FIELDS = ("Agent", "AgentName")
_TEMPLATES = Templates(
    preview=("Get-TransportAgent -Identity {} | Format-List *",),
    change=(
        "Disable-TransportAgent -Identity {} -Confirm",
        "Restart-Service MSExchangeTransport",
    ),
    undo=("Enable-TransportAgent -Identity {}", "Restart-Service MSExchangeTransport"),
    by_hand=(
        "Keep a copy of the assembly that the preview names, with its hash, then "
        "`Uninstall-TransportAgent`.",
        "Do it on every Exchange server: agents are installed for each one.",
    ),
)


def actions(case: Case) -> Iterator[Action]:
    """Agents named by cmdlets, by the agents' configuration or by the agent log."""
    yield from for_each(_agents(case), _TEMPLATES)


def _agents(case: Case) -> Iterator[Target]:
    for call in case.calls("Install-TransportAgent", "Enable-TransportAgent", "Set-TransportAgent"):
        name = call.parameters.get("name") or call.parameters.get("identity", "")
        yield Target(name, call.sight.reason)
    for sight in case.sights(Stage.PERSISTENCE):
        yield from _of_log(sight)


def _of_log(sight: Sight) -> Iterator[Target]:
    for field in _AGENT_FIELDS:
        if name := sight.fields.get(field, ""):
            yield Target(name, sight.reason)
