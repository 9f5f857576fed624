"""Accounts of the domain whose passwords can be guessed offline by anybody who may sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exward.access import kerberos
from exward.access.facts import Party
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model.finding import Finding
from exward.model.severity import Severity

KERBEROAST = Rule(
    id="access-kerberoastable",
    title="Accounts whose tickets can be guessed at offline",
    techniques=("T1558.003",),
    advice="Make them managed accounts (gMSA); else give each a password of 25 signs and AES only: "
    "Set-ADUser NAME -KerberosEncryptionType AES128,AES256",
)
AS_REP = Rule(
    id="access-no-preauthentication",
    title="Accounts whose password anybody may guess at without signing in",
    techniques=("T1558.004",),
    advice="Set-ADAccountControl NAME -DoesNotRequirePreAuth $false",
)
RULES = (KERBEROAST, AS_REP)
_NAMED = 3
_KRBTGT = "krbtgt"
"""Its password is the machine's own; its service name is kadmin/changepw."""


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each kind; members of watched groups are suspect members besides."""
    yield from _finding(view, KERBEROAST, _roastable, Severity.MEDIUM)
    yield from _finding(view, AS_REP, _open, Severity.HIGH)


def _roastable(party: Party) -> bool:
    return kerberos.is_kerberoastable(party) and party.name.casefold() != _KRBTGT


def _open(party: Party) -> bool:
    return party.no_preauthentication is True and party.enabled is not False


def _finding(
    view: View, rule: Rule, test: Callable[[Party], bool], level: Severity
) -> Iterator[Finding]:
    parties = view.directory.parties.items()
    found = sorted((one.name, key, one) for key, one in parties if test(one))
    if not found:
        return
    # The oldest passwords are the weakest, and were guessed the longest.
    found.sort(key=lambda item: (item[2].password_set or 0, item[0]))
    shown = "; ".join(
        f"{name} ({kerberos.roasting(one, view.as_of)})" if one.spns else name
        for name, _, one in found[:_NAMED]
    )
    more = f"; and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    yield make(
        rule,
        Said(
            why=f"{len(found):,} account{'s' * (len(found) != 1)}: {shown}{more}",
            severity=level,
            about=(rule.id,),
            places=[
                (one.place, {"account": name, "service_names": ", ".join(one.spns[:5])})
                for name, _, one in found
            ],
            server=view.domain(found[0][1]),
            count=len(found),
        ),
    )
