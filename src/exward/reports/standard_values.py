"""Values of a finding in the forms that the standards of other tools demand."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exward.model.severity import Severity

_TECHNIQUE = re.compile(r"(T\d{4})(\.\d{3})?", re.ASCII)


def ip_text(address: str) -> str | None:
    """Return an IPv4 or IPv6 address in its normal form, None for everything else."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if parsed.version == 6 and parsed.scope_id is not None:
        return None  # fe80::1%eth0 names an interface of one host; index fields refuse it
    return str(parsed)


def technique_parts(technique: str) -> tuple[str, str | None] | None:
    """Split `T1505.003` into (`T1505`, `T1505.003`), `T1190` into (`T1190`, None); else None."""
    match = _TECHNIQUE.fullmatch(technique)
    if match is None:
        return None
    return match[1], technique if match[2] is not None else None


def account_parts(account: str) -> tuple[str, str]:
    """Split `CORP\\alice` into domain and name; the domain is "" where none is written."""
    domain, separator, name = account.partition("\\")
    return (domain, name) if separator and name else ("", account)


def severity_number(severity: Severity) -> int:
    """1 (informational) to 5 (critical): `severity_id` of OCSF, also used for ECS."""
    return severity.rank + 1
