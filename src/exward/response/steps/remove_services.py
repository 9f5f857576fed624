"""Stop services that the intruder installed, and remove them."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, Target
from exward.response.plan import Action, Phase
from exward.response.repeating import Templates, for_each

ID = "remove-services"
PHASE = Phase.EVICT
RANK = 60
AFTER = ("keep-evidence",)
TITLE = "Remove services of the intruder"
EFFECT = "The services are stopped and do not start again."
BREAKS = "Services of installed products: compare the program and its signature first."
_INSTALLED = frozenset({"7045", "4697"})
"""A service was installed (System and Security log)."""
_TEMPLATES = Templates(
    preview=("Get-CimInstance Win32_Service | Where-Object Name -eq {} | Format-List *",),
    change=(
        "Stop-Service -Name {} -Confirm",
        "Set-Service -Name {} -StartupType Disabled",
    ),
    undo=("Set-Service -Name {} -StartupType Manual",),
    by_hand=(
        "When the evidence is kept: `sc.exe delete` with the service's name, and remove its "
        "program.",
    ),
)


def actions(case: Case) -> Iterator[Action]:
    """Services named by the events of their installation."""
    stages = (Stage.PERSISTENCE, Stage.LATERAL_MOVEMENT, Stage.DEFENCE_EVASION)
    yield from for_each(
        (
            Target(sight.fields.get("ServiceName", ""), sight.reason)
            for sight in case.sights(*stages)
            if sight.fields.get("EventID") in _INSTALLED
        ),
        _TEMPLATES,
    )
