"""Service accounts from flags to exit code, and the proposal of a log-on window."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from exward.accounts import commands, logon_hours, policy, workstations
from exward.accounts.policy import Accepted
from exward.accounts.profile import Profile, dump_all
from exward.accounts.summary import is_learning
from exward.accounts.window import normal_hours, widened, words
from exward.cli import exits
from exward.cli.account_files import load_learned, load_windows
from exward.cli.options import OutputFlags, pick, threshold
from exward.cli.output import check_targets, write_file, write_result
from exward.cli.password import password_of
from exward.cli.scanning import tuning_of
from exward.cli.terminal import note, show
from exward.model.errors import EvidenceError, ExwardError, UsageError
from exward.model.severity import Severity
from exward.reports.accounts_view import drawn
from exward.scan import account_watch
from exward.scan.account_watch import AccountSettings


def run_check(paths: Sequence[str], values: Mapping[str, Any]) -> int:
    """Learn and judge, write the results where the flags say, and return the exit code."""
    output = pick(OutputFlags, values)
    check_targets(output, paths)
    windows = {} if values["windows"] is None else load_windows(Path(values["windows"]))
    settings = replace(
        _settings(paths, values),
        level=Severity(values["level"]),
        tuning=tuning_of(values["accepted"]),
        windows=windows,
        directory=values["directory"] or "",
        named=frozenset(name.casefold() for name in values["account"]),
    )
    kept = values["learned"]
    if kept is None:
        result = account_watch.check(settings)
    else:
        path = Path(kept)
        settings = replace(settings, earlier=load_learned(path))
        result = account_watch.check(settings, partial(_keep, path))
    write_result(result, output)
    return exits.of_result(result, threshold(output.fail_on))


def run_hours(account: str, paths: Sequence[str], values: Mapping[str, Any]) -> int:
    """Propose the window in which an account may sign in; returns the exit code."""
    settings = _settings(paths, values)
    profile = account_watch.profile_of(account, settings)
    local = widened(normal_hours(profile, seen_only=True), values["margin"])
    if not local:
        what = "signs in too seldom or too irregularly for a window"
        raise EvidenceError(what, "give logs of more weeks", account)
    year = datetime.datetime.fromtimestamp(profile.last * 3600, datetime.UTC).year
    ahead = logon_hours.offsets(settings.zone, year)
    allowed = logon_hours.to_utc(local, ahead)
    show(*_proposal(profile, local, allowed, settings.zone))
    show(*_consequences(allowed, ahead), *_powershell(account, logon_hours.pack(allowed)))
    hosts = _restrictable(account, profile)
    show(*_hosts(account, hosts))
    if is_learning(profile):
        note("the account is known for less than 14 days: do not set a window yet")
    if values["save"] is not None:
        _save(Path(values["save"]), account, Accepted(allowed, frozenset(hosts)))
    return exits.DONE


def _settings(paths: Sequence[str], values: Mapping[str, Any]) -> AccountSettings:
    start, end = values["time_from"], values["time_to"]
    if start is not None and end is not None and start > end:
        raise UsageError("--from lies after --to", "swap them, or leave one out", "--from")
    return AccountSettings(
        paths=tuple(paths),
        zone=values["time_zone"],
        time_from=start,
        time_to=end,
        password=password_of(values["password"], values["password_file"]),
    )


def _proposal(
    profile: Profile, local: frozenset[int], allowed: frozenset[int], zone: ZoneInfo
) -> Iterator[str]:
    yield f"{profile.account}: {profile.events:,} sign-ins"
    yield f"Window, {zone.key}: {words(local)}"
    yield from drawn([100 if hour in local else 0 for hour in range(168)])
    left_out = {hour for hour in range(168) if profile.week[hour] > 0.0} - local
    if left_out:
        yield f"Left out, as unusual: {words(left_out)}"
    yield ""
    yield f"logonHours (UTC): {words(allowed)}"
    yield logon_hours.pack(allowed).hex(" ")


def _consequences(allowed: AbstractSet[int], ahead: Sequence[int]) -> Iterator[str]:
    if len(ahead) > 1:
        said = " and ".join(f"UTC{minutes / 60:+g} h" for minutes in ahead)
        yield f"AD keeps UTC. This zone changes between {said}: the window holds both, so it is"
        yield "wider by the difference all year, and the account does not fail when clocks change."
        for minutes in ahead:
            local = logon_hours.to_local(allowed, minutes)
            yield f"  While it is UTC{minutes / 60:+g} h, AD lets it in: {words(local)}"
    yield "Who is signed in when the window ends stays so, unless a policy forces the log-off."
    yield ""


def _powershell(account: str, value: bytes) -> Iterator[str]:
    setting, undoing = commands.for_hours(account, value)
    yield "# Set it (keeps what was set before in a file):"
    yield from setting
    yield ""
    yield "# Take it back:"
    yield from undoing


def _restrictable(account: str, profile: Profile) -> tuple[str, ...]:
    """The hosts for "Log on to", which managed accounts do not have."""
    return () if account.endswith("$") else workstations.usual_hosts(profile)


def _hosts(account: str, hosts: tuple[str, ...]) -> Iterator[str]:
    """The same for "Log on to"."""
    if not hosts:
        return
    setting, undoing = commands.for_hosts(account, hosts)
    yield ""
    yield f"# Log on to: its usual hosts are {', '.join(hosts)}. To allow only these:"
    yield from setting
    yield ""
    yield "# Take it back:"
    yield from undoing


def _keep(path: Path, profiles: Iterable[Profile]) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(dump_all(profiles))
        part.replace(path)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ExwardError(what, "choose another --learned", str(path)) from error


def _save(path: Path, account: str, accepted: Accepted) -> None:
    windows = {**(load_windows(path) if path.exists() else {}), account.casefold(): accepted}
    try:
        write_file(path, (policy.dump(windows).decode(),))
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ExwardError(what, "choose another --save", str(path)) from error
    hosts = f" and sign-ins from {', '.join(sorted(accepted.hosts))}" if accepted.hosts else ""
    note(f"written: {path}: accepts the hours{hosts}")
