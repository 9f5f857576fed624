"""Anomalies and sprays as findings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from exward.accounts.known import NOTHING, Known, KnownAccounts
from exward.accounts.logon import INTERACTIVE_TYPES, Logon
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
_CHECK = (
    "Ask the owner of the account whether this was planned; if not, follow the source of these "
    "sign-ins and change the password."
)
_WATCH = "Look whether this was planned; `exward accounts hours` proposes a window for AD."


def of_anomaly(one: Anomaly, known: Known = NOTHING) -> Finding:
    """The finding of one anomaly: graver where several dimensions say the same, and where the
    account is in a high-profile group.
    """
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
        why="; ".join((one.why(), *known.said())),
        advice=_CHECK if severity.rank >= Severity.MEDIUM.rank else _WATCH,
    )


def of_silent(names: Sequence[str], known: KnownAccounts) -> Finding:
    """The finding of service accounts of the directory that did not sign in at all."""
    shown = ", ".join(names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return Finding(
        id=_id("silent"),
        detector=DETECTOR,
        rule="service-account-silent",
        title="Service accounts of the directory without a sign-in in these logs",
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
        why=f"{len(names):,} accounts: {shown}" + (f" and {more:,} more" if more > 0 else ""),
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
    named = ", ".join(sorted(one.accounts)[:MAX_NAMED])
    more = len(one.accounts) - MAX_NAMED
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
        why=f"{one.source} failed to sign in as {len(one.accounts):,} accounts: {named}"
        + (f" and {more:,} more" if more > 0 else ""),
        advice="Block the source; look for sign-ins from it that succeeded.",
    )


def _severity(one: Anomaly) -> Severity:
    """An interactive logon, or two independent dimensions, are worth a look at night."""
    interactive = "type" in one.reasons and any(
        place.type in INTERACTIVE_TYPES for place in one.places
    )
    told = one.reasons.keys() - {HOUR, VOLUME, BEACON, "package", "process", "client"}
    if interactive or (len(told) > 0 and len(one.reasons) > 2):
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
