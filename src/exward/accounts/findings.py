"""Anomalies and sprays as findings."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from exward.accounts.cases import MANY_TARGETS, Case, Wave
from exward.accounts.known import NOTHING, Known, KnownAccounts
from exward.accounts.logon import Logon
from exward.accounts.model import BEACON, HOUR, VOLUME
from exward.accounts.policy import Violation
from exward.accounts.spray import Spray
from exward.accounts.watch import Anomaly
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

DETECTOR = "accounts"
MAX_NAMED = 10
MAX_SILENT = 100
MAX_PLACES = 20
MAX_AROUND = 10
MAX_SLIGHT = 10
_CHECK = (
    "Ask the owner of the account whether this was planned; if not, follow the source of these "
    "sign-ins and change the password."
)
_WATCH = "Look whether this was planned; `exward accounts hours` proposes a window for AD."


def of_case(case: Case, known: Known = NOTHING) -> Finding:
    """The finding of one case: graver where several dimensions say the same, and where the
    account is in a high-profile group.
    """
    one = case.anomaly
    severity = _severity(one)
    if known.groups and severity.rank >= Severity.MEDIUM.rank:
        severity = Severity.CRITICAL if severity is Severity.HIGH else Severity.HIGH
    return Finding(
        id=_id("anomaly", one.account, str(one.first)),
        detector=DETECTOR,
        rule="service-account-anomaly",
        title=f"Service account {one.account} does what it never did",
        severity=severity,
        confidence=Confidence.MEDIUM if len(one.reasons) > 1 else Confidence.LOW,
        stage=Stage.BEHAVIOUR,
        techniques=("T1078",),
        server=_server(one.places),
        account=one.account,
        source_ip=_address(one.places),
        first=one.first,
        last=one.last,
        count=one.count,
        grade=Grade.SUCCESS,
        evidence=tuple(map(_evidence, one.places)),
        why="; ".join((one.why(), *_around(case), *known.said())),
        advice=_CHECK if severity.rank >= Severity.MEDIUM.rank else _WATCH,
    )


def of_wave(one: Wave, accounts: int, known: KnownAccounts = MappingProxyType({})) -> Finding:
    """The finding of accounts that were strange alike at one time, of so many that were watched:
    graver where one of them searched, or is in a high-profile group.
    """
    names = sorted({each.account for each in one.anomalies})
    grave = tuple(_grave(one, names, known))
    many = f"{len(names):,} of {accounts:,} service accounts"
    is_target = "target" in one.dimensions
    level = Severity.MEDIUM if is_target else Severity.LOW
    if grave:
        level = Severity.HIGH if is_target else Severity.MEDIUM
    places = [each.places[0] for each in one.anomalies[:MAX_PLACES]]
    what = "targets that are new to them" if is_target else "unusual hours"
    return Finding(
        id=_id("wave", what, str(one.first)),
        detector=DETECTOR,
        rule="service-accounts-together",
        title="Many service accounts do something unusual at one time",
        severity=level,
        confidence=Confidence.LOW,
        stage=Stage.BEHAVIOUR,
        techniques=("T1078",),
        server="",
        account="",
        source_ip="",
        first=one.first,
        last=one.last,
        count=sum(each.count for each in one.anomalies),
        grade=Grade.SUCCESS,
        evidence=tuple(map(_evidence, places)),
        why="; ".join((f"{many} signed in at {what}: {_named(names)}", *grave)),
        advice="One cause is likely: restarts, patches, servers with new names. If nothing of the "
        "kind was planned, look at each of these accounts.",
    )


def _grave(one: Wave, names: Sequence[str], known: KnownAccounts) -> Iterator[str]:
    """What speaks against a harmless cause."""
    high = [name for name in names if known.get(name, NOTHING).groups]
    if high:
        yield f"in high-profile groups: {_named(high)}"
    most = max(one.anomalies, key=lambda each: each.targets)
    if most.targets >= MANY_TARGETS:
        yield f"{most.account} alone met {most.targets:,} new ones"


def _around(case: Case) -> Iterator[str]:
    """What is slight in the weeks around, by day."""
    for one in case.around[:MAX_AROUND]:
        yield f"also on {_dated(one)}"
    if len(case.around) > MAX_AROUND:
        yield f"and on {len(case.around) - MAX_AROUND:,} more days"


def slight(held: Sequence[Anomaly]) -> tuple[str, ...]:
    """What was too slight for a finding, by day, the latest first."""
    return tuple(_dated(one) for one in held[: -MAX_SLIGHT - 1 : -1])


def _dated(one: Anomaly) -> str:
    day = datetime.datetime.fromtimestamp(one.first / 1_000_000, datetime.UTC)
    return f"{day:%Y-%m-%d}: {' and '.join(one.said())}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def of_silent(names: Sequence[str], known: KnownAccounts) -> Finding:
    """The finding of service accounts that are known and did not sign in at all."""
    return Finding(
        id=_id("silent"),
        detector=DETECTOR,
        rule="service-account-silent",
        title="Service accounts without a sign-in in these logs",
        severity=Severity.INFORMATIONAL,
        confidence=Confidence.MEDIUM,
        stage=Stage.BEHAVIOUR,
        techniques=("T1078",),
        server="",
        account="",
        source_ip="",
        first=None,
        last=None,
        count=len(names),
        grade=Grade.STATE,
        evidence=tuple(
            Evidence("", 0, None, {"account": name, "said": "; ".join(known[name].told_by)})
            for name in names[:MAX_SILENT]
        ),
        why=f"{len(names):,} accounts: {_named(names)}",
        advice="Nobody needs them, or their servers' logs are missing: disable those that nobody "
        "claims.",
    )


def of_violation(one: Violation) -> Finding:
    """The finding of an account that signed in, or was refused, outside of what is accepted."""
    did = "signed in" if one.succeeded else "failed to sign in"
    often = "once" if one.count == 1 else f"{one.count:,} times"
    if one.by_host:
        hosts = sorted({place.source_host for place in one.places})
        more = f" and {len(hosts) - MAX_NAMED:,} more" if len(hosts) > MAX_NAMED else ""
        where, why = (
            "from a host that is not accepted",
            f"from {', '.join(hosts[:MAX_NAMED])}{more}",
        )
    else:
        where = "outside of its log-on window"
        why = "in hours that its accepted window excludes"
    return Finding(
        id=_id("host" if one.by_host else "window", one.account, did),
        detector=DETECTOR,
        rule="logon-from-other-host" if one.by_host else "logon-outside-window",
        title=f"Service account {one.account} {did} {where}",
        severity=Severity.HIGH if one.succeeded else Severity.MEDIUM,
        confidence=Confidence.HIGH,
        stage=Stage.BEHAVIOUR,
        techniques=("T1078",),
        server=_server(one.places),
        account=one.account,
        source_ip=_address(one.places),
        first=one.first,
        last=one.last,
        count=one.count,
        grade=Grade.SUCCESS if one.succeeded else Grade.ATTEMPT,
        evidence=tuple(map(_evidence, one.places)),
        why=f"{one.account} {did} {often} {why}",
        advice=_CHECK,
    )


def of_spray(one: Spray) -> Finding:
    """The finding of one source that failed with many accounts."""
    return Finding(
        id=_id("spray", one.source, str(one.first)),
        detector=DETECTOR,
        rule="account-spray",
        title="One source fails with many accounts",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        stage=Stage.BEHAVIOUR,
        techniques=("T1110.003",),
        server=_server(one.places),
        account="",
        source_ip=_address(one.places),
        first=one.first,
        last=one.last,
        count=one.count,
        grade=Grade.ATTEMPT,
        evidence=tuple(map(_evidence, one.places)),
        why=f"{one.source} failed to sign in as {len(one.accounts):,} accounts: "
        + _named(sorted(one.accounts)),
        advice="Block the source; look for sign-ins from it that succeeded.",
    )


def _severity(one: Anomaly) -> Severity:
    """An interactive logon, or two independent dimensions, are worth a look at night."""
    told = one.reasons.keys() - {HOUR, VOLUME, BEACON, "package", "process", "client"}
    if one.is_interactive() or (len(told) > 0 and len(one.reasons) > 2):
        return Severity.HIGH
    return Severity.MEDIUM if told else Severity.LOW


def _evidence(logon: Logon) -> Evidence:
    fields = {
        "TargetUserName": logon.account,
        "LogonType": logon.type,
        "IpAddress": logon.address,
        "WorkstationName": logon.source_host,
        "Computer": logon.target,
        "AuthenticationPackageName": logon.package,
        "ProcessName": logon.process,
        "UserAgent": logon.client,
    }
    return Evidence(logon.file, logon.position, logon.time, _told(fields))


def _told(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text}


def _server(places: Sequence[Logon]) -> str:
    return next((one.target.upper() for one in places if one.target), "")


def _address(places: Sequence[Logon]) -> str:
    return next((one.address for one in places if one.address), "")


def _id(*about: str) -> str:
    text = "\0".join((DETECTOR, *about)).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=12).hexdigest()
