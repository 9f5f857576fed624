"""Cmdlets of the Exchange Management Shell: remote PowerShell, its event log, the audit queue."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from exward.simulate.layouts.windows import Event
from exward.simulate.world import ADMIN, DOMAIN, NETBIOS, SECOND, Host, World, iso, moment, sid_of

REMOTE = "w3wp#MSExchangePowerShellAppPool"
ECP = "w3wp#MSExchangeECPAppPool"
LOCAL = "powershell"


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """One cmdlet with its parameters; `session_user` is who opened the session."""

    name: str
    parameters: dict[str, str] = field(default_factory=dict)
    caller: str = ADMIN
    process: str = REMOTE
    client: str = "ManagementShell"
    session_user: str = ""
    error: str = ""
    sid: str = ""

    @property
    def text(self) -> str:
        """`-Name "value"`, as all logs write it."""
        return " ".join(f'-{name} "{value}"' for name, value in self.parameters.items())


def run(world: World, host: Host, time: int, one: Cmdlet) -> None:
    """Add what the logs hold of it: reading cmdlets are in the remote log only."""
    pooled = one.process.startswith("w3wp")
    pid = world.pool_pid(host.name, one.process) if pooled else world.pid()
    if one.process != LOCAL:
        _remote(world, host, time, one, pid)
    if one.name.startswith(("Get-", "Search-", "Test-")) and not one.error:
        return
    _event(world, host, time, one, pid)
    if one.process != LOCAL or not one.error:
        _audit(world, host, time, one)


def _sid(one: Cmdlet) -> str:
    return one.sid or sid_of(one.caller)


def _remote(world: World, host: Host, time: int, one: Cmdlet, pid: int) -> None:
    sender = one.session_user or f"{NETBIOS}\\{one.caller}"
    row = {
        "DateTime": iso(time),
        "StartTime": iso(time - SECOND // 4),
        "RequestId": world.guid(),
        "ProcessId": str(pid),
        "ProcessName": one.process,
        "ThreadId": "41",
        "CultureInfo": "en-US",
        "AuthenticatedUser": f"{NETBIOS}\\{one.caller}",
        "ExecutingUserSid": _sid(one),
        "IsAdmin": "True",
        "ClientApplication": one.client,
        "Cmdlet": one.name,
        "Parameters": one.text,
        "TotalTime": "250",
        "ErrorType": "System.InvalidOperationException" if one.error else "",
        "ExecutionResult": "Error" if one.error else "Success",
        "GenericInfo": f"PSSenderInfo={sender};CmdletProxyStage=None;",
        "GenericErrors": one.error,
        "NonPiiParameters": " ".join(f"-{name} <SNIP-PII>" for name in one.parameters),
    }
    world.add(time, host, "rps-cmdlet", row)


def _event(world: World, host: Host, time: int, one: Cmdlet, pid: int) -> None:
    values = [""] * 27
    values[0:3] = [one.name, one.text, f"{DOMAIN}/Users/{one.caller}"]
    values[3] = values[4] = _sid(one)
    values[5] = (
        "Local-ManagementShell" if one.process == LOCAL else "Remote-ManagementShell-Unknown"
    )
    values[6] = f"{pid} {one.process}"
    values[8:10] = ["41", "00:00:00.2500000"]
    values[10] = f"View Entire Forest: 'False', Default Scope: '{DOMAIN}'"
    values[11] = one.error
    values[12:15] = ["0", "0", ""]
    values[15:19] = ["False"] * 4
    values[23] = world.guid()
    values[24] = "ServicePlan:;IsAdmin:True;"
    values[26] = "en-US"
    world.add(time, host, "management", Event(6 if one.error else 1, values, level=4))


def _audit(world: World, host: Host, time: int, one: Cmdlet) -> None:
    caller = f"{DOMAIN}/Users/{one.caller}"
    identity = next(iter(one.parameters.values()), "")
    data = {
        "CreationTime": f"{moment(time):%Y-%m-%dT%H:%M:%S}",
        "Id": world.guid(),
        "Operation": one.name,
        "OrganizationId": "",
        "RecordType": 1,
        "ResultStatus": "False" if one.error else "True",
        "UserKey": caller,
        "UserType": 2,
        "Workload": "Exchange",
        "ObjectId": identity,
        "UserId": caller,
        "ExternalAccess": False,
        "OrganizationName": "",
        "OriginatingServer": f"{host.name} (15.02.1118.007)",
        "Parameters": [{"Name": name, "Value": value} for name, value in one.parameters.items()],
    }
    row = {
        "Timestamp": iso(time),
        "RecordType": "1",
        "Data": json.dumps(data, separators=(",", ":")),
        "UserKey": caller,
        "RecordId": world.guid(),
        "Operation": one.name,
        "Workload": "Exchange",
        "ResultStatus": data["ResultStatus"],
        "Version": "1",
    }
    world.add(time, host, "audit-queue", row)
