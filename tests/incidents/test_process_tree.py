"""Who started whom, in Sysmon's records and in Security's."""

from __future__ import annotations

from typing import Any

from exward.incidents import chain, process_tree
from exward.incidents.process_tree import MAX_PROCESSES, Started
from exward.model.finding import Finding
from exward.model.incident import Process
from tests.incidents.cases import HOUR, MINUTE, SECOND, START, SYSMON, finding

W3WP = r"c:\windows\system32\inetsrv\w3wp.exe"
POOL = f'{W3WP} -ap "MSExchangeOWAAppPool" -v "v4.0"'
CMD = r"C:\Windows\System32\cmd.exe"
WHOAMI = r"C:\Windows\System32\whoami.exe"


def guid(number: int) -> str:
    return f"{{7B0E5C11-0000-0000-0000-{number:012X}}}"


def sysmon(number: int, parent: int, image: str, **changes: Any) -> Started:
    values: dict[str, Any] = {
        "server": "EX01.contoso.example",
        "time": START + number * SECOND,
        "is_sysmon": True,
        "guid": guid(number),
        "parent_guid": guid(parent),
        "pid": number,
        "parent_pid": parent,
        "image": image,
        "command_line": image,
        "user": r"NT AUTHORITY\SYSTEM",
        "parent_image": W3WP if parent == 1 else "",
        "parent_command_line": POOL if parent == 1 else "",
    }
    return Started(**(values | changes))


def security(pid: int, parent_pid: int, time: int, image: str = CMD, **changes: Any) -> Started:
    values = {"time": time, "is_sysmon": False, "guid": "", "parent_guid": "", "pid": pid}
    return sysmon(pid, parent_pid, image, **(values | {"parent_pid": parent_pid} | changes))


def about(number: int, **changes: Any) -> Finding:
    return finding(
        f"f{number}",
        at=START + number * SECOND,
        file=SYSMON,
        fields={"ProcessGuid": guid(number), "Image": CMD},
        **changes,
    )


def tree(found: list[Finding], started: list[Started]) -> tuple[Process, ...]:
    (incident,) = process_tree.attach(chain.build(found), found, started)
    return incident.processes


def test_a_shell_stands_below_the_application_pool_and_above_what_it_ran() -> None:
    shell, child = sysmon(2, 1, CMD), sysmon(3, 2, WHOAMI)
    rows = tree([about(2)], [child, shell])
    assert [row.image for row in rows] == [W3WP, CMD, WHOAMI]
    pool, told, ran = rows
    assert (pool.pool, pool.time, pool.parent) == ("MSExchangeOWAAppPool", None, "")
    assert (told.parent, told.findings) == (pool.id, ("id-f2",))
    assert (ran.parent, ran.findings) == (told.id, ())


def test_a_process_of_another_day_is_not_shown() -> None:
    rows = tree([about(2)], [sysmon(2, 1, CMD), sysmon(9, 1, WHOAMI, time=START + 5 * HOUR)])
    assert [row.image for row in rows] == [W3WP, CMD]


def test_other_children_of_the_service_manager_are_not_shown() -> None:
    services = r"C:\Windows\System32\services.exe"
    rows = tree(
        [about(2)],
        [sysmon(2, 1, CMD, parent_image=services), sysmon(3, 1, WHOAMI, parent_image=services)],
    )
    assert [row.image for row in rows] == [services, CMD]


def test_without_sysmon_the_parent_is_the_last_process_of_that_id() -> None:
    at = START + HOUR
    found = finding("f", at=at, fields={"NewProcessId": "0x14", "NewProcessName": WHOAMI})
    rows = tree(
        [found],
        [
            security(0x10, 4, START, r"C:\old.exe"),
            security(0x10, 4, at - MINUTE, CMD, parent_image=W3WP),
            security(0x14, 0x10, at, WHOAMI),
            security(0x10, 4, at + SECOND, r"C:\later.exe"),
        ],
    )
    assert [row.image for row in rows] == [W3WP, CMD, WHOAMI]


def test_a_security_record_finds_its_process_in_sysmon() -> None:
    found = finding("f", at=START + 2 * SECOND, fields={"NewProcessId": "0x2"})
    rows = tree([found], [sysmon(2, 1, CMD), security(2, 1, START + 2 * SECOND)])
    assert [(row.image, row.findings) for row in rows] == [(W3WP, ()), (CMD, ("id-f",))]


def test_another_server_s_processes_are_not_mixed_in() -> None:
    other = sysmon(2, 1, WHOAMI, server="EX02")
    assert [row.image for row in tree([about(2)], [sysmon(2, 1, CMD), other])] == [W3WP, CMD]


def test_a_circle_of_parents_is_shown_once() -> None:
    rows = tree([about(2)], [sysmon(2, 3, CMD), sysmon(3, 2, CMD)])
    assert sorted(row.pid or 0 for row in rows) == [2, 3]


def test_a_flood_of_processes_is_cut() -> None:
    flood = [sysmon(number, 1, CMD, time=START + number) for number in range(2, 1_000)]
    rows = tree([about(2)], flood)
    assert len(rows) == MAX_PROCESSES
    assert any(row.findings for row in rows)


def test_the_order_of_records_does_not_matter() -> None:
    started = [sysmon(number, 1 if number % 3 else 2, CMD) for number in range(2, 40)]
    assert tree([about(2)], started) == tree([about(2)], started[::-1])


def test_copies_of_a_record_are_one_process() -> None:
    assert len(tree([about(2)], [sysmon(2, 1, CMD), sysmon(2, 1, CMD)])) == 2
