"""Findings of one act that several logs show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exward.incidents import accounts, same_act
from exward.model.finding import Evidence, Finding
from tests.incidents.cases import MINUTE, SECOND, START, finding

MGMT = "EX01/Logs/MSExchange Management.evtx"
RPS = "EX01/Logging/CmdletInfra/Powershell-Proxy/Cmdlet/c.log"
FRONT = "EX01/Logging/HttpProxy/Owa/a.log"
IIS_FRONT = "EX01/LogFiles/W3SVC1/u.log"
IIS_BACK = "EX01/LogFiles/W3SVC2/u.log"
LOGS = {
    MGMT: "windows.msexchange-management",
    RPS: "exchange.cmdlet",
    FRONT: "exchange.httpproxy",
    IIS_FRONT: "iis",
    IIS_BACK: "iis",
}


def seen_in(file: str, account: str = "", **changes: Any) -> Finding:
    found = finding(f"r-{file}", file=file, account=account, **changes)
    return replace(found, rule="one-rule")


def test_a_cmdlet_in_two_logs_is_one_finding_with_both_as_proof() -> None:
    merged = same_act.merge(
        (
            seen_in(MGMT, "contoso.example/Users/Eve Adams/eve", count=1),
            seen_in(RPS, r"CONTOSO\eve", count=3, at=START + SECOND),
        ),
        LOGS,
    )
    assert len(merged) == 1
    assert merged[0].count == 3
    assert {place.file for place in merged[0].evidence} == {MGMT, RPS}
    assert (merged[0].first, merged[0].last) == (START, START + SECOND)


def test_two_accounts_stay_two_findings() -> None:
    assert len(same_act.merge((seen_in(MGMT, "eve"), seen_in(RPS, "bob")), LOGS)) == 2


def test_two_findings_of_the_same_log_stay_two() -> None:
    first = seen_in(MGMT, "eve")
    other = replace(seen_in(MGMT, "eve", at=START + SECOND), id="other")
    assert len(same_act.merge((first, other), LOGS)) == 2


def test_two_files_that_are_no_logs_stay_two_findings() -> None:
    shells = [seen_in(f"EX01/C/inetpub/wwwroot/{name}/x.aspx") for name in ("a", "b")]
    assert same_act.merge(shells, LOGS) == tuple(shells)


def test_two_rules_stay_two_findings() -> None:
    assert len(same_act.merge((finding("a"), finding("b", file=RPS)), LOGS)) == 2


def test_the_server_s_own_account_is_system() -> None:
    assert accounts.account_key(r"CONTOSO\EX01$", "ex01.contoso.example") == accounts.SYSTEM
    assert accounts.account_key("NT AUTHORITY\\SYSTEM", "EX01") == accounts.SYSTEM
    assert accounts.account_key("Eve@contoso.example", "EX01") == "eve"
    assert accounts.account_key("contoso.example/Users/Eve", "EX01") == "eve"


def request(file: str, client: str, at: int = START) -> Finding:
    found = seen_in(file, source_ip=client, at=at)
    own = Evidence(file, 1, at, {"c-ip": client, "s-ip": "10.0.0.5"})
    return replace(found, evidence=(own,))


def test_the_back_end_s_line_joins_the_client_s_request() -> None:
    merged = same_act.merge(
        (request(IIS_FRONT, "203.0.113.7"), request(IIS_BACK, "10.0.0.5", START + SECOND)), LOGS
    )
    assert [one.source_ip for one in merged] == ["203.0.113.7"]


def test_the_back_end_s_line_of_another_time_stays_alone() -> None:
    merged = same_act.merge(
        (request(IIS_FRONT, "203.0.113.7"), request(IIS_BACK, "10.0.0.5", START + MINUTE)), LOGS
    )
    assert len(merged) == 2


def test_two_clients_stay_two_findings() -> None:
    merged = same_act.merge(
        (request(IIS_FRONT, "203.0.113.7"), request(FRONT, "203.0.113.8")), LOGS
    )
    assert len(merged) == 2
