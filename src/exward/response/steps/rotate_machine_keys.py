"""Change ASP.NET's machine keys: who has them runs code without any hole in Exchange."""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.finding import Finding
from exward.model.stage import Stage
from exward.response.case import MAX_REASONS, Case, of_finding
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "rotate-machine-keys"
PHASE = Phase.EVICT
RANK = 190
AFTER = ("keep-evidence", "remove-files")
TITLE = "Change the machine keys of the web sites"
EFFECT = "View states signed with a stolen key are refused."
BREAKS = "Everybody signs in to OWA and ECP again. Servers behind one address need the same keys."
_WORDS = ("viewstate", "machinekey", "machine key", "configuration secrets")


def actions(case: Case) -> Iterator[Action]:
    """After a web shell or code in the web server, which can read the keys, or their use."""
    found = [one for one in case.done if _exposes(one)]
    if not found:
        return
    yield Action(
        reasons=tuple(map(of_finding, found[:MAX_REASONS])),
        preview=(
            command(
                'Get-ChildItem -Path $env:ExchangeInstallPath, "$env:SystemDrive\\inetpub" '
                "-Recurse -Include *.config | Select-String -Pattern '<machineKey'"
            ),
        ),
        change=(command("Backup-WebConfiguration -Name {}", "exward-before-new-keys"),),
        undo=(command("Restore-WebConfiguration -Name {}", "exward-before-new-keys"),),
        by_hand=(
            "IIS Manager, each site and application that the preview names: Machine Key, Generate "
            "Keys, Apply; the same values on all servers behind one address. There is no cmdlet "
            "of Exchange for it.",
            "Restart IIS (`iisreset`).",
        ),
    )


def _exposes(finding: Finding) -> bool:
    told = f"{finding.title} {finding.why}".lower()
    return finding.stage is Stage.WEB_SHELL or any(word in told for word in _WORDS)
