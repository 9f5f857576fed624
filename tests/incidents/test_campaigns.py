"""Attempts from many addresses."""

from __future__ import annotations

from dataclasses import replace

from exward.incidents import campaigns
from exward.model.finding import Finding, Grade
from tests.incidents.cases import SECOND, START, finding


def attempt(number: int, severity: str = "low", grade: Grade = Grade.ATTEMPT) -> Finding:
    found = finding(
        f"a{number}",
        "initial-access",
        severity,
        grade=grade,
        source_ip=f"198.51.100.{number}",
        at=START + number * SECOND,
        count=2,
    )
    return replace(found, rule="probe")


def test_attempts_from_five_addresses_are_one_campaign() -> None:
    (folded,) = campaigns.fold(attempt(number) for number in range(5))
    assert folded.detector == campaigns.DETECTOR
    assert folded.count == 10
    assert "5 addresses" in folded.why
    assert (folded.first, folded.last) == (START, START + 4 * SECOND)


def test_four_addresses_stay_single() -> None:
    assert len(campaigns.fold(attempt(number) for number in range(4))) == 4


def test_an_address_that_acted_is_never_folded() -> None:
    acted = replace(attempt(0, "high", Grade.SUCCESS), id="acted", rule="shell")
    kept = campaigns.fold((*(attempt(number) for number in range(6)), acted))
    assert [one.source_ip for one in kept if one.rule == "probe" and one.source_ip] == [
        acted.source_ip
    ]


def test_severe_attempts_stay_single() -> None:
    assert len(campaigns.fold(attempt(number, "high") for number in range(9))) == 9


def test_the_id_of_a_campaign_does_not_depend_on_order() -> None:
    found = [attempt(number) for number in range(7)]
    assert campaigns.fold(found) == campaigns.fold(reversed(found))
