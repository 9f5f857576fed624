"""One review of access from flags to exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from exward.access.facts import Fact
from exward.access.ldap_connection import is_url
from exward.access.ldap_login import Login, Method
from exward.access.readers import saved
from exward.access.view import Limits
from exward.cli import exits
from exward.cli.options import OutputFlags, pick, threshold
from exward.cli.output import check_targets, write_file, write_result
from exward.cli.password import password_of
from exward.cli.scanning import tuning_of
from exward.cli.terminal import note
from exward.model.errors import ExwardError, UsageError
from exward.model.severity import Severity
from exward.scan import access_review


def run_review(paths: Sequence[str], values: Mapping[str, Any]) -> int:
    """Review, write the results where the flags say, and return the exit code."""
    output = pick(OutputFlags, values)
    for path in paths:
        if not is_url(path) and not Path(path).exists():
            raise UsageError("does not exist", "give a file, a folder or ldaps://SERVER", path)
    check_targets(output, [path for path in paths if Path(path).exists()])
    password = password_of(values["password"], values["password_file"])
    settings = access_review.AccessSettings(
        paths=tuple(paths),
        previous=values["previous"],
        limits=Limits(values["dormant_days"], tuple(values["admin_tier"])),
        level=Severity(values["level"]),
        password=password,
        login=Login(
            user=values["user"],
            password=password or "",
            method=Method(values["sign_in"]),
            server_name=values["server_name"],
            ca_file=values["ca_file"] or "",
            fingerprint=values["tls_fingerprint"],
        ),
        tuning=tuning_of(values["accepted"]),
    )
    keep = None if values["save"] is None else partial(_save, Path(values["save"]))
    result = access_review.review(settings, keep)
    write_result(result, output)
    return exits.of_result(result, threshold(output.fail_on))


def _save(path: Path, facts: Sequence[Fact]) -> None:
    try:
        write_file(path, saved.lines(facts))
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ExwardError(what, "choose another --save", str(path)) from error
    note(f"written: {path}")
