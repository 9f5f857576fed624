"""PowerShell that restricts an account, and that takes it back. exward runs none of it.

Each part is for pasting: a line does nothing if the line before it failed. What was set before is
kept in a file of the account's own, and not replaced when the lines are run again.
"""

from __future__ import annotations

import hashlib

from exward.model.powershell import literal


def for_hours(account: str, value: bytes) -> tuple[list[str], list[str]]:
    """Lines that set `logonHours`, and lines that take it back."""
    kind = "ADServiceAccount" if account.endswith("$") else "ADUser"
    numbers = ",".join(map(str, value))
    begin = _begin(account, "logonHours")
    change = f"Set-{kind} -Identity $account"
    setting = [
        *begin,
        _keep(f"Get-{kind}", "logonHours"),
        _if_kept(f"{change} -Replace @{{logonHours=[byte[]]({numbers})}}"),
    ]
    restore = f"{change} -Replace @{{logonHours=[byte[]]($before -split ',')}}"
    return setting, [*begin, _take_back(restore, f"{change} -Clear logonHours")]


def for_hosts(account: str, hosts: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Lines that let an account sign in from these hosts only, and lines that take it back."""
    begin = _begin(account, "LogonWorkstations")
    change = "Set-ADUser -Identity $account -LogonWorkstations"
    setting = [
        *begin,
        _keep("Get-ADUser", "LogonWorkstations"),
        _if_kept(f"{change} {literal(','.join(hosts))}"),
    ]
    return setting, [*begin, _take_back(f"{change} $before", f"{change} $null")]


def _begin(account: str, what: str) -> list[str]:
    name = _file_name(account, what)
    return [
        f"$account = {literal(account)}",
        f"$kept = Join-Path $env:USERPROFILE '{name}'",
    ]


def _keep(reader: str, what: str) -> str:
    before = f"({reader} -Identity $account -Properties {what} -ErrorAction Stop).{what} -join ','"
    kept = f"Set-Content -LiteralPath $kept -Value ([string]({before}))"
    return f"if (-not (Test-Path -LiteralPath $kept)) {{ {kept} }}"


def _if_kept(change: str) -> str:
    return f"if (Test-Path -LiteralPath $kept) {{ {change} }}"


def _take_back(restore: str, clear: str) -> str:
    read = "$before = ([string](Get-Content -LiteralPath $kept)).Trim()"
    put = f"if ($before) {{ {restore} }} else {{ {clear} }}"
    return _if_kept(f"{read}; {put}; Remove-Item -LiteralPath $kept")


def _file_name(account: str, what: str) -> str:
    """A name that tells the account and holds nothing that a shell or file system minds."""
    plain = "".join(sign for sign in account if sign.isascii() and sign.isalnum())[:20]
    digest = hashlib.blake2b(account.casefold().encode("utf-8", "replace"), digest_size=4)
    return f"exward-{what}-{plain}-{digest.hexdigest()}.txt"
