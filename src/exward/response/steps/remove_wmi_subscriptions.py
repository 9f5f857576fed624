"""Remove permanent WMI subscriptions, which start programs without a file in sight."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, of_finding
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "remove-wmi-subscriptions"
PHASE = Phase.EVICT
RANK = 66
AFTER = ("keep-evidence",)
TITLE = "Remove foreign WMI subscriptions"
EFFECT = "The consumers no longer start."
BREAKS = "Management products use subscriptions; Windows' own is `SCM Event Log Consumer`."
_TECHNIQUE = "T1546.003"
_CLASSES = ("__FilterToConsumerBinding", "__EventConsumer", "__EventFilter")
_LOOK = "Get-CimInstance -Namespace root/subscription -ClassName {} | Format-List *"


def actions(case: Case) -> Iterator[Action]:
    """One step for all: names are chosen by hand from what the preview lists."""
    found = [one for one in case.done if _TECHNIQUE in one.techniques]
    if not any(one.stage is Stage.PERSISTENCE for one in found):
        return
    keep = (
        "Get-CimInstance -Namespace root/subscription -ClassName {} | Export-Clixml -Path "
        "(Join-Path $Evidence {})"
    )
    yield Action(
        reasons=tuple(map(of_finding, found)),
        preview=tuple(command(_LOOK, one) for one in _CLASSES),
        change=tuple(command(keep, one, f"{one}.xml") for one in _CLASSES),
        by_hand=(
            "Pipe the binding, the consumer and the filter that nobody knows, chosen by name, "
            "into `Remove-CimInstance -Confirm`, in this order.",
        ),
    )
