"""Put back virtual directories whose address or path the intruder changed."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import Case, Target
from exward.response.plan import Action, Phase
from exward.response.repeating import Templates, for_each

ID = "reset-virtual-directories"
PHASE = Phase.EVICT
RANK = 25
AFTER = ("keep-evidence", "keep-files")
TITLE = "Put virtual directories back"
EFFECT = "Addresses hold no script and paths lead to Exchange's own folders."
BREAKS = "Clients lose the service until its address is right again."
_KINDS = ("Oab", "Owa", "Ecp", "WebServices", "ActiveSync", "Autodiscover", "PowerShell", "Mapi")


def actions(case: Case) -> Iterator[Action]:
    """For each kind of directory that a cmdlet made or changed."""
    for kind in _KINDS:
        yield from for_each(_changed(case, kind), _templates(kind))


def _changed(case: Case, kind: str) -> Iterator[Target]:
    for call in case.calls(f"Set-{kind}VirtualDirectory", f"New-{kind}VirtualDirectory"):
        name = call.parameters.get("identity") or call.parameters.get("name", "")
        yield Target(name, call.sight.reason)


def _templates(kind: str) -> Templates:
    noun = f"{kind}VirtualDirectory"
    return Templates(
        preview=(f"Get-{noun} -Identity {{}} | Format-List 'Identity', 'Path', '*Url'",),
        change=(f"Set-{noun} -Identity {{}} -ExternalUrl $null -Confirm",),
        by_hand=(
            "Set the right address afterwards, as documented for your organisation.",
            f"A directory whose Path leads elsewhere: `Remove-{noun}`, then `New-{noun}`.",
        ),
    )
