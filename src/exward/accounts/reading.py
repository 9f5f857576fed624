"""From records of logs to sign-ins: Windows Security events, IIS and Exchange's HttpProxy.

Fields of 4624, 4625, 4648, 4768, 4769 and 4776: Microsoft Learn, Advanced security auditing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from sys import intern

from exward.accounts.kinds import is_system
from exward.accounts.logon import Logon
from exward.model.account import bare_name
from exward.model.records import EventType, Fields, LineBatch, TextBatch
from exward.model.skipped import Skipped

WEB_LOGS = frozenset({"iis", "exchange.httpproxy"})
_WEB_FIELDS = frozenset({"cs-username", "c-ip", "cs-user-agent", "sc-status"})
_CHARS = 48
_FAILED = 4625
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def logons(batch: TextBatch | LineBatch) -> Iterator[Logon | Skipped]:
    """Yield each sign-in of a batch whose account is told; Windows' own accounts are left out."""
    if isinstance(batch, LineBatch):
        if batch.type.log in WEB_LOGS:
            yield from _web(batch)
        return
    wanted = {event: read for event in set(batch.types) if (read := _reader(event))}
    for index, event in enumerate(batch.types):
        read = wanted.get(event)
        time = batch.time(index) if read is not None else None
        if read is None or time is None:
            continue
        try:
            fields = batch.fields(index)
        except ValueError as error:
            yield Skipped(batch.source, batch.position(index), str(error))
            continue
        made = read(fields)
        if _is_telling(made["account"]):
            place = batch.source, batch.position(index)
            yield _logon(made, time, event.event_id != _FAILED and _succeeded(fields), place)


def _web(batch: LineBatch) -> Iterator[Logon]:
    for index in range(len(batch)):
        one = web_logon(batch, index)
        if one is not None:
            yield one


def web_logon(batch: LineBatch, index: int) -> Logon | None:
    """The sign-in that one line of IIS or HttpProxy tells of; None if it names no account."""
    fields = batch.pick(index, _WEB_FIELDS)
    account = bare_name(_text(fields, "cs-username"))
    time = batch.time(index)
    if time is None or not _is_telling(account):
        return None
    made = {
        "account": account,
        "address": _address(fields, "c-ip"),
        "target": _host(batch.server(index)),
        "client": _client(_text(fields, "cs-user-agent")),
    }
    succeeded = not _text(fields, "sc-status").startswith("401")
    return _logon(made, time, succeeded, (batch.source, batch.position(index)))


def _logon(made: dict[str, str], time: int, succeeded: bool, place: tuple[str, int]) -> Logon:
    texts = {name: intern(text[:_CHARS]) for name, text in made.items()}
    return Logon(time=time, succeeded=succeeded, file=place[0], position=place[1], **texts)


def _is_telling(account: str) -> bool:
    return account not in {"", "-"} and not is_system(account)


def _succeeded(fields: Fields) -> bool:
    """Whether the status of a Kerberos or NTLM event is 0; a logon has none."""
    status = _text(fields, "Status")
    return status in {"", "-"} or status.removeprefix("0x").strip("0") == ""


def _of_logon(fields: Fields) -> dict[str, str]:
    return {
        "account": bare_name(_text(fields, "TargetUserName")),
        "source_host": _host(_text(fields, "WorkstationName")),
        "address": _address(fields, "IpAddress"),
        "target": _host(_text(fields, "Computer")),
        "type": _text(fields, "LogonType"),
        "package": _text(fields, "AuthenticationPackageName"),
        "process": _program(fields),
    }


def _of_explicit(fields: Fields) -> dict[str, str]:
    """Somebody used the account's password in a program on this host."""
    return {
        "account": bare_name(_text(fields, "TargetUserName")),
        "source_host": _host(_text(fields, "Computer")),
        "target": _host(_text(fields, "TargetServerName")),
        "process": _program(fields),
    }


def _of_ticket(fields: Fields) -> dict[str, str]:
    service = bare_name(_text(fields, "ServiceName")).removesuffix("$")
    return {
        "account": bare_name(_text(fields, "TargetUserName")),
        "address": _address(fields, "IpAddress"),
        "target": "" if service == "krbtgt" else service,
        "package": "kerberos",
    }


def _of_ntlm(fields: Fields) -> dict[str, str]:
    return {
        "account": bare_name(_text(fields, "TargetUserName")),
        "source_host": _host(_text(fields, "Workstation")),
        "package": "ntlm",
    }


_READERS: dict[int, Callable[[Fields], dict[str, str]]] = {
    4624: _of_logon,
    4625: _of_logon,
    4648: _of_explicit,
    4768: _of_ticket,
    4769: _of_ticket,
    4776: _of_ntlm,
}


def _reader(event: EventType) -> Callable[[Fields], dict[str, str]] | None:
    return _READERS.get(event.event_id) if event.channel.casefold() == "security" else None


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    text = "" if value is None else str(value).strip().casefold()
    return "" if text == "-" else text


def _host(text: str) -> str:
    name = text.lstrip("\\").casefold()
    return "" if name in _LOCAL else name.partition(".")[0]


def _address(fields: Fields, name: str) -> str:
    text = _text(fields, name).removeprefix("::ffff:")
    return "" if text in _LOCAL else text


def _program(fields: Fields) -> str:
    return _text(fields, "ProcessName").rpartition("\\")[2]


def _client(agent: str) -> str:
    """The program's name without its version: an update is no news."""
    return agent.replace("+", " ").partition("/")[0].strip()
