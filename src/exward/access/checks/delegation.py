"""Who may act as others: delegation of Kerberos without a limit, to the servers that matter, or
granted by such a server itself.

[MS-SFU] 1.3.2 (S4U2proxy) and 1.3.3; Microsoft Learn: Kerberos constrained delegation overview.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access import rights
from exward.access.facts import Party
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model import watchlist
from exward.model.finding import Finding
from exward.model.powershell import literal
from exward.model.severity import Severity

UNCONSTRAINED = Rule(
    id="access-unconstrained-delegation",
    title="Account that may act as whoever signs in to it",
    techniques=("T1558", "T1550.003"),
    advice="Set-ADAccountControl NAME -TrustedForDelegation $false; allow single services instead.",
)
CONSTRAINED = Rule(
    id="access-constrained-delegation",
    title="Account that may act as others on a server that matters",
    techniques=("T1558", "T1550.003"),
    advice="Take the service names out of msDS-AllowedToDelegateTo unless somebody needs them.",
)
RESOURCE = Rule(
    id="access-resource-delegation",
    title="Account that a server lets sign in to it as anybody",
    techniques=("T1558", "T1134.001"),
    advice="Unless it is meant, note who has this and take it from all: Set-ADComputer NAME "
    "-PrincipalsAllowedToDelegateToAccount $null. Undo: the same with those noted that need it.",
)
RULES = (UNCONSTRAINED, CONSTRAINED, RESOURCE)
_NAMED = 5


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each account that may act as others."""
    vital = _vital(view)
    hosts = {view.directory.name(key).rstrip("$").casefold() for key in vital}
    for key, party in sorted(view.directory.parties.items()):
        if party.enabled is False:
            continue
        if party.unconstrained and not view.is_domain_controller(key):
            why = f"{party.name} may act as everybody who signs in to it, towards every service"
            yield _finding(view, UNCONSTRAINED, (key, party), why, Severity.HIGH)
        reached = [spn for spn in party.delegates_to if _host(spn) in hosts]
        if reached:
            yield _constrained(view, (key, party), reached)
    yield from _by_resource(view, vital)


def _vital(view: View) -> set[str]:
    """Domain controllers and members of Exchange's groups for servers."""
    names = watchlist.machine_groups()
    groups = [key for key, one in view.watched.items() if one.name.casefold() in names]
    return set(view.controllers).union(*(view.members.get(group, ()) for group in groups))


def _host(spn: str) -> str:
    """`dc01` of `ldap/dc01.contoso.example:389`."""
    return spn.partition("/")[2].partition("/")[0].partition(":")[0].partition(".")[0].casefold()


def _constrained(view: View, about: tuple[str, Party], reached: list[str]) -> Finding:
    name = about[1].name
    how = "as anybody, without their password" if about[1].any_protocol else "as who signs in to it"
    more = f" and {len(reached) - _NAMED} more" if len(reached) > _NAMED else ""
    why = f"{name} may act {how} towards {', '.join(reached[:_NAMED])}{more}"
    level = Severity.HIGH if about[1].any_protocol else Severity.MEDIUM
    return _finding(view, CONSTRAINED, about, why, level)


def _by_resource(view: View, vital: set[str]) -> Iterator[Finding]:
    directory = view.directory
    for one in directory.rights:
        target, trustee = directory.key(one.target), directory.key(one.trustee)
        if one.right != rights.ACT_FOR or trustee == target:
            continue
        name, server = directory.name(trustee), directory.name(target)
        yield make(
            RESOURCE,
            Said(
                title=f"{RESOURCE.title}: {name}",
                why=f"{name} may sign in to {server} as anybody (resource-based delegation)",
                severity=Severity.CRITICAL if target in vital else Severity.MEDIUM,
                about=(target, trustee),
                places=[(one.place, {"account": name, "target": server})],
                advice=RESOURCE.advice.replace("NAME", literal(server)),
                server=view.domain(target),
                account=name,
            ),
        )


def _finding(
    view: View, rule: Rule, about: tuple[str, Party], why: str, level: Severity
) -> Finding:
    key, party = about
    return make(
        rule,
        Said(
            title=f"{rule.title}: {party.name}",
            why=why,
            severity=level,
            about=(key,),
            places=[(party.place, {"account": party.name})],
            advice=rule.advice.replace("NAME", literal(party.name)),
            server=view.domain(key),
            account=party.name,
        ),
    )
