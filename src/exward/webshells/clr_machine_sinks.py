"""What members of .NET do with the machine: services, accounts, times of files, event logs, mail.

Programs do much of this with good reason: it is sure only where a request names the whole of it and
no program asks people for that.
"""

from __future__ import annotations

from collections.abc import Callable

from exward.webshells.clr_call import Call
from exward.webshells.clr_knowledge import Label
from exward.webshells.sign import Capability

_REQUEST = Label.REQUEST
Verdict = tuple[Capability, bool] | None


def _chosen(capability: Capability, *, sure: bool) -> Callable[[int, int], Verdict]:
    """The request's data in the first value is enough."""

    def judged(one: int, _two: int) -> Verdict:
        return (capability, sure and not one & Label.BASED) if one & _REQUEST else None

    return judged


def _moved(one: int, two: int) -> Verdict:
    return (Capability.WRITE_FILES, False) if one & two & _REQUEST else None


def _timed(one: int, _two: int) -> Verdict:
    """The times of a file that the request names, or of the page itself."""
    chosen = one & _REQUEST and not one & Label.BASED
    return (Capability.HIDE_TRACKS, True) if chosen or one & Label.OWN_PATH else None


JUDGED: dict[str, Callable[[int, int], Verdict]] = {
    "service": _chosen(Capability.RUN_COMMANDS, sure=True),
    "account": _chosen(Capability.MAKE_ACCOUNTS, sure=False),
    "mailbox": _chosen(Capability.READ_MAIL, sure=False),
    "registry": _chosen(Capability.EXPLORE, sure=False),
    "control": _chosen(Capability.RUN_CODE, sure=True),
    "page": _chosen(Capability.RUN_CODE, sure=False),
    "move": _moved,
    "times": _timed,
}
"""Kind of event → what it means, by the labels of its values, and whether nothing harmless does."""


def _named(kind: str, index: int) -> Callable[[Call], None]:
    def sink(call: Call) -> None:
        call.emit(kind, call.at(index).mask)

    return sink


def _service(call: Call) -> None:
    call.result.put("service", call.at(1).mask)


def _service_name(call: Call) -> None:
    call.at(0).put("service", call.at(1).mask)


def _changes_service(call: Call) -> None:
    call.emit("service", call.at(0).part("service"))


def _adds_entry(call: Call) -> None:
    if (call.at(2).text or "").lower() == "user":
        call.emit("account", call.at(1).mask)


def _invokes_entry(call: Call) -> None:
    if (call.at(1).text or "").lower() == "setpassword":
        call.emit("account", call.mask(2))


def _moves(call: Call) -> None:
    call.emit("move", call.at(0).mask, call.at(1).mask)


_CONTROLLER = "System.ServiceProcess.ServiceController"
_KEY = "Microsoft.Win32.RegistryKey"
_EWS = "Microsoft.Exchange.WebServices.Data."
_TIMES = [f"Set{what}Time{end}" for what in ("LastWrite", "Creation", "LastAccess")
          for end in ("", "Utc")]  # fmt: skip

SINKS: dict[str, Callable[[Call], None]] = {
    f"{_CONTROLLER}::.ctor": _service,
    f"{_CONTROLLER}::set_ServiceName": _service_name,
    **{f"{_CONTROLLER}::{name}": _changes_service for name in ("Start", "Stop", "Pause")},
    "System.DirectoryServices.DirectoryEntries::Add": _adds_entry,
    "System.DirectoryServices.DirectoryEntry::Invoke": _invokes_entry,
    f"{_EWS}ImpersonatedUserId::.ctor": _named("mailbox", 2),
    f"{_EWS}ExchangeService::FindItems": _named("mailbox", 1),
    **{f"{_KEY}::{name}": _named("registry", 1) for name in ("OpenSubKey", "CreateSubKey",
                                                             "DeleteSubKeyTree")},
    "System.Web.UI.TemplateControl::ParseControl": _named("control", 1),
    "System.Web.UI.TemplateControl::LoadControl": _named("page", 1),
    "System.Web.HttpServerUtility::Execute": _named("page", 1),
    "System.Web.HttpServerUtility::Transfer": _named("page", 1),
    **{f"System.IO.{name}": _moves for name in ("File::Copy", "File::Move", "Directory::Move")},
    **{f"System.IO.File::{name}": _named("times", 0) for name in _TIMES},
}  # fmt: skip
