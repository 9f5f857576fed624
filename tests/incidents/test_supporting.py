"""Which incident unusual behaviour belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from exward.incidents import chain, supporting
from exward.model.finding import Finding, Grade
from exward.model.incident import Incident
from exward.model.stage import Stage
from tests.incidents.cases import DAY, HOUR, MINUTE, START, finding

OUTSIDE, INSIDE = "203.0.113.9", "10.0.0.77"
ATTACK = finding(
    "attack", "credential-access", account="CORP\\svc_x", source_ip=OUTSIDE,
    fields={"IpAddress": INSIDE},
)  # fmt: skip


def unusual(**changes: Any) -> Finding:
    given = {"at": START + 2 * HOUR, "detector": "accounts", "server": "DC01", **changes}
    return finding("unusual", "behaviour", "medium", **given)


def attached(*more: Finding) -> Incident:
    held = (ATTACK, *more)
    (incident,) = supporting.attach(chain.build(held), held)
    return incident


@pytest.mark.parametrize(
    ("one", "tie"),
    [
        (unusual(account="svc_x"), "account=svc_x"),
        (unusual(account="svc_x", at=START - 23 * HOUR), "account=svc_x"),
        (unusual(source_ip=OUTSIDE, at=START + 20 * DAY), f"source_ip={OUTSIDE}"),
        (unusual(source_ip=INSIDE), f"source_ip={INSIDE}"),
        (unusual(server="EX01", at=START + 50 * MINUTE),
         "time=on the same host within 60 minutes of a grave step"),
    ],
)  # fmt: skip
def test_it_is_told_with_what_it_shares(one: Finding, tie: str) -> None:
    incident = attached(one)
    assert incident.steps[-1].stage is Stage.BEHAVIOUR
    assert incident.steps[-1].joined_by == (tie,)
    assert tie in incident.joined_by
    assert one.id in incident.steps[-1].findings


@pytest.mark.parametrize(
    "one",
    [
        unusual(account="svc_y"),
        unusual(account="svc_x", at=START + 2 * DAY),
        unusual(account="svc_x", at=None),
        unusual(source_ip=OUTSIDE, at=START + 40 * DAY),
        unusual(source_ip=INSIDE, at=START + 2 * DAY),
        unusual(server="EX01", at=START + 2 * HOUR),
        unusual(account="SYSTEM"),
    ],
)
def test_what_shares_nothing_stands_alone(one: Finding) -> None:
    assert [step.stage for step in attached(one).steps] == [Stage.CREDENTIAL_ACCESS]


def test_it_makes_no_incident_and_raises_none() -> None:
    one = unusual(account="svc_x")
    assert supporting.attach(chain.build((one,)), (one,)) == ()
    alone, both = attached(), attached(one)
    assert (both.severity, both.id, both.title) == (alone.severity, alone.id, alone.title)
    assert both.last == one.last
    assert both.accounts == ("CORP\\svc_x", "svc_x")


def test_the_worst_incident_gets_it() -> None:
    other = finding("other", "impact", "critical", server="EX09", account="svc_x", at=START + DAY)
    one = unusual(account="svc_x", at=START + 12 * HOUR, grade=Grade.ATTEMPT)
    held = (ATTACK, other, one)
    apart = chain.build((ATTACK,)), chain.build((other,))
    worst, lesser = supporting.attach((*apart[1], *apart[0]), held)
    assert worst.steps[-1].stage is Stage.BEHAVIOUR
    assert worst.steps[-1].summary.startswith("Attempt only: ")
    assert lesser.steps[-1].stage is Stage.CREDENTIAL_ACCESS


def test_without_behaviour_nothing_changes() -> None:
    incidents = chain.build((ATTACK,))
    assert supporting.attach(incidents, (ATTACK,)) == incidents
