"""Whether each known vulnerability is really open on one server: build, conditions, mitigations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from msgspec import structs

from exward.model.outcome import About, Outcome, Status, install
from exward.model.posture import Precision
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, failed, not_applicable, passed, unknown
from exward.posture.conditions.registry import judge, kinds
from exward.posture.facts import Condition, Cve, Facts
from exward.posture.inventory import BuildReading, Inventory
from exward.posture.patches import ByBuild, Release, best_reading, by_build, is_doubtful, release_of

HIGH_SCORE = 8.0
_OPEN = frozenset({Status.FAIL, Status.UNKNOWN})
_GRAVE_KINDS = frozenset({"RCE", "EoP"})
_ADVICE = {
    "extended-protection": "Run Microsoft's ExchangeExtendedProtectionManagement.ps1.",
    "no-override": "Get-SettingOverride | Remove-SettingOverride (the one named), then refresh.",
    "download-domains": "Set host names on OWA, then Set-OrganizationConfig "
    "-EnableDownloadDomains $true.",
    "directory-level": "Setup.exe /PrepareAllDomains of the installed update.",
    "storage-group-schema": "Microsoft's Test-CVE-2021-34470.ps1 -ApplyFix, or /PrepareSchema.",
    "hybrid-app": "ConfigureExchangeHybridApplication.ps1 -FullyConfigureExchangeHybridApplication"
    ", then -ResetFirstPartyServicePrincipalKeyCredentials.",
    "no-static-key": "Install the update again; then make new machine keys.",
    "fip-fs-overrides": "Remove the line from FIP-FS's Configuration.xml.",
    "token-cache-module": "Install Windows' updates, or Remove-WebGlobalModule TokenCacheModule.",
    "windows-level": "Install Windows' updates.",
}


def outcomes(inventory: Inventory, facts: Facts) -> Iterator[Outcome]:
    """Yield one outcome for each vulnerability that concerns this server's product, by number."""
    reading = best_reading(inventory)
    release = None if reading is None else release_of(reading.build, facts)
    if reading is None or release is None:
        for cve in facts.cves:
            if cve.exploited_since and not cve.outside:
                told = _told(cve, unknown("The build is not known."), install(cve.fixed_by))
                yield _outcome(told, inventory, None)
        return
    for told in _by_build(release, reading.precision, facts):
        yield _outcome(told, inventory, reading)


class _Told(NamedTuple):
    """What a build tells of a vulnerability, the same for each of its servers.

    `outcome` names no server yet, and its fix is for the case that the vulnerability is open.
    `conditions` or `mitigations` are what decides besides the build; `areas` are read for them.
    """

    outcome: Outcome
    answer: Answer
    areas: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    mitigations: tuple[Condition, ...] = ()


@lru_cache(maxsize=256)  # a fleet has a few builds
def _by_build(release: Release, precision: Precision, facts: Facts) -> tuple[_Told, ...]:
    found = (_of_build(cve, release, precision, facts) for cve in facts.cves)
    return tuple(told for told in found if told is not None)


def _of_build(cve: Cve, release: Release, precision: Precision, facts: Facts) -> _Told | None:
    """None if the vulnerability does not concern this product."""
    by = by_build(release, cve, facts)
    doubtful = is_doubtful(release, cve, facts)
    if cve.outside or (by is ByBuild.FIXED and not doubtful):
        said = "" if cve.outside else f"Fixed in build {release.build}."
        return _told(cve, passed(said), _settings(cve))._replace(conditions=cve.conditions)
    answer = _by_number(cve, release, precision, by)
    if answer is None:
        return None
    mitigations = cve.mitigations if answer.status is Status.FAIL else ()
    return _told(cve, answer, _update(cve, release, by))._replace(mitigations=mitigations)


def _update(cve: Cve, release: Release, by: ByBuild) -> str:
    has_own = release.base.cu in cve.fixed.get(release.base.product, {})
    lacks = by is ByBuild.NO_FIX or (by is ByBuild.EXPOSED and not has_own)
    return install(cve.fixed_by, after="a newer cumulative update" if lacks else "")


def _by_number(cve: Cve, release: Release, precision: Precision, by: ByBuild) -> Answer | None:
    if by is ByBuild.NOT_AFFECTED:
        return None
    if by is ByBuild.NOT_ASSESSED:
        return unknown(f"{release.base.product} was out of support: the vendor did not look at it.")
    if by is ByBuild.NO_DATA:
        return unknown("The facts do not say which build has the fix.")
    if by is ByBuild.FIXED:
        return unknown(f"{release.fact.label} raises the build number without holding this fix.")
    return _exposed(cve, release, precision, by)


def _exposed(cve: Cve, release: Release, precision: Precision, by: ByBuild) -> Answer:
    product, cu = release.base.product, release.base.cu
    if by is ByBuild.NO_FIX:
        return failed(f"There is no fix for {release.base.label}: update to a newer one first.")
    first = cve.fixed.get(product, {}).get(cu)
    fixed = f" ({cve.fixed_by})" if cve.fixed_by else ""
    if first is None:
        return failed(f"{release.base.label} came before the fix{fixed} and has none of its own.")
    if precision is not Precision.EXACT:
        return unknown(f"Only the cumulative update is known; fixed from {first}{fixed}.")
    return failed(f"Build {release.build} is older than {first}{fixed}, the first with the fix.")


def _answer(told: _Told, inventory: Inventory) -> Answer:
    """What the build tells, and what the server's settings add to it."""
    if told.conditions:
        return _by_conditions(told.conditions, inventory, told.answer.reason)
    return _mitigated(told.mitigations, inventory, told.answer)


def _mitigated(mitigations: Iterable[Condition], inventory: Inventory, exposed: Answer) -> Answer:
    for mitigation in mitigations:
        answer = judge(mitigation, inventory)
        if answer.status is Status.PASS:
            return passed(f"{exposed.reason} {answer.reason} It holds until the update is in.")
        if answer.status is Status.UNKNOWN:
            return failed(f"{exposed.reason} Unknown: {answer.reason}.")
        if answer.status is Status.FAIL:
            return failed(f"{exposed.reason} {answer.reason}")
    return exposed


def _by_conditions(
    conditions: Iterable[Condition], inventory: Inventory, by_build_reason: str
) -> Answer:
    """The fix is in the build: what else has to hold. The worst answer of all counts."""
    answers = [judge(condition, inventory) for condition in conditions]
    for status in (Status.FAIL, Status.UNKNOWN):
        for answer in answers:
            if answer.status is status:
                return Answer(status, _sentence(by_build_reason, answer))
    reason = " ".join(filter(None, (by_build_reason, *(answer.reason for answer in answers))))
    if all(answer.status is Status.NOT_APPLICABLE for answer in answers):
        return not_applicable(reason)
    return passed(reason)


def _sentence(first: str, answer: Answer) -> str:
    if answer.status is Status.FAIL:
        return f"{answer.reason} The build itself has the fix." if first else answer.reason
    start = f"{first.rstrip('.')}, but unknown: " if first else "Unknown: "
    return f"{start}{answer.reason.rstrip('.')}."


def _told(cve: Cve, answer: Answer, fix: str) -> _Told:
    asked = (
        kinds()[condition.kind].READS
        for condition in (*cve.conditions, *cve.mitigations)
        if condition.kind in kinds()
    )
    outcome = Outcome(
        check=cve.cve.lower(),
        title=f"{cve.cve}{_called(cve)}",
        status=answer.status,
        severity=severity_of(cve),
        server="",
        reason=answer.reason,
        fix=fix,
        references=_references(cve),
        about=About.VULNERABILITY,
        why=_why(cve),
        exploited=bool(cve.exploited_since),
    )
    return _Told(outcome, answer, tuple({area for areas in asked for area in areas}))


def _outcome(told: _Told, inventory: Inventory, reading: BuildReading | None) -> Outcome:
    answer = _answer(told, inventory)
    read = () if reading is None else (reading.source,)
    if told.areas:
        read = tuple(sorted({*read, *inventory.sources(*told.areas)}))
    return structs.replace(
        told.outcome,
        status=answer.status,
        server=inventory.server,
        reason=answer.reason,
        fix=told.outcome.fix if answer.status in _OPEN else "",
        read_from=read,
    )


def severity_of(cve: Cve) -> Severity:
    """Known to be exploited: critical. A high score, or code and rights to be had: high."""
    if cve.exploited_since:
        return Severity.CRITICAL
    grave = cve.kind in _GRAVE_KINDS if cve.cvss is None else cve.cvss >= HIGH_SCORE
    return Severity.HIGH if grave else Severity.MEDIUM


def _called(cve: Cve) -> str:
    return f" ({cve.name})" if cve.name else ""


def _why(cve: Cve) -> str:
    score = "" if cve.cvss is None else f", CVSS {cve.cvss:g}"
    recalled = " (from memory, not read again)" if cve.cvss_recalled else ""
    since = f" Known to be exploited since {cve.exploited_since}." if cve.exploited_since else ""
    doubt = " Sources disagree on the products concerned." if cve.conflict else ""
    return f"{cve.component}: {cve.kind}{score}{recalled}.{since}{doubt}"


def _settings(cve: Cve) -> str:
    return " ".join(filter(None, map(_advice, cve.conditions)))


def _advice(condition: Condition) -> str:
    return _ADVICE.get(condition.kind, "")


def _references(cve: Cve) -> tuple[str, ...]:
    if not cve.cve.startswith("CVE-"):
        return (f"https://msrc.microsoft.com/update-guide/advisory/{cve.cve}",)
    return (
        f"https://msrc.microsoft.com/update-guide/vulnerability/{cve.cve}",
        f"https://nvd.nist.gov/vuln/detail/{cve.cve}",
    )
