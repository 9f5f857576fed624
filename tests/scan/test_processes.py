"""Which process creations are kept for process trees."""

from __future__ import annotations

import orjson
import pytest

from exward.model.records import EventType
from exward.scan import processes
from tests.incidents.cases import START

SYSMON = EventType("windows", "Microsoft-Windows-Sysmon/Operational", 1, "p")
SECURITY = EventType("windows", "Security", 4688, "p")
CMD = r"C:\Windows\System32\cmd.exe"
WHOAMI = r"C:\Windows\System32\whoami.exe"


class Batch:
    """Records of one event type."""

    source = "f"
    size_bytes = 1

    def __init__(self, event: EventType, *records: dict[str, object]) -> None:
        self.types = [event] * len(records)
        self.texts = [orjson.dumps(record).decode() for record in records]

    def __len__(self) -> int:
        return len(self.texts)

    def time(self, index: int) -> int | None:
        return START

    def server(self, index: int) -> str:
        return "EX01"

    def position(self, index: int) -> int:
        return index

    def fields(self, index: int) -> dict[str, object]:
        fields = orjson.loads(self.texts[index])
        if "broken" in fields:
            raise ValueError("broken")
        return dict(fields)


def of_sysmon(parent: str, image: str) -> dict[str, object]:
    return {"Image": image, "ParentImage": parent, "ProcessId": 20, "ParentProcessId": "16"}


def of_security(parent: str | None, image: str) -> dict[str, object]:
    named: dict[str, object] = {} if parent is None else {"ParentProcessName": parent}
    return named | {"NewProcessName": image, "NewProcessId": "0x14", "ProcessId": "0x10"}


@pytest.mark.parametrize(
    ("parent", "image", "kept"),
    [
        (r"c:\windows\system32\inetsrv\w3wp.exe", WHOAMI, True),
        (r"C:\Windows\System32\cmd.exe", WHOAMI, True),
        (r"C:\Windows\System32\services.exe", CMD, True),
        (r"C:\Windows\System32\services.exe", r"C:\Windows\System32\svchost.exe", False),
        (r"C:\Program Files\Agent\agent.exe", WHOAMI, False),
        (r"C:\ProgramData\v.exe", WHOAMI, True),
        (r"C:\Program Files\Microsoft\Exchange Server\V15\Bin\UMWorkerProcess.exe", WHOAMI, True),
    ],
)
def test_children_of_servers_shells_and_odd_folders_are_kept(
    parent: str, image: str, kept: bool
) -> None:
    for batch in (
        Batch(SYSMON, of_sysmon(parent, image)),
        Batch(SECURITY, of_security(parent, image)),
    ):
        assert len(list(processes.started(batch))) == kept


def test_a_record_that_names_no_parent_is_kept() -> None:
    ((_, one),) = processes.started(Batch(SECURITY, of_security(None, WHOAMI)))
    assert (one.pid, one.parent_pid, one.image, one.parent_image) == (20, 16, WHOAMI, "")


def test_the_account_is_the_one_it_runs_as() -> None:
    record = of_security(CMD, WHOAMI) | {
        "SubjectUserName": "EX01$",
        "SubjectDomainName": "CONTOSO",
        "TargetUserName": "eve",
        "TargetDomainName": "CONTOSO",
    }
    ((_, one),) = processes.started(Batch(SECURITY, record))
    assert one.user == r"CONTOSO\eve"


def test_long_texts_are_cut_and_odd_values_do_no_harm() -> None:
    batch = Batch(
        SYSMON,
        of_sysmon(CMD, WHOAMI) | {"CommandLine": ["x" * 9_999, "y"], "ProcessGuid": 5},
        of_sysmon(CMD, WHOAMI) | {"ProcessId": "0xzz"},
        of_sysmon(CMD, WHOAMI) | {"broken": True},
        of_sysmon(CMD, WHOAMI) | {"ProcessId": [], "User": {"a": 1}},
    )
    ((index, one),) = processes.started(batch)
    assert index == 0
    assert len(one.command_line) < 1_000


def test_other_events_are_not_read() -> None:
    other = EventType("windows", "Security", 4624, "p")
    assert list(processes.started(Batch(other, of_security(CMD, WHOAMI)))) == []
