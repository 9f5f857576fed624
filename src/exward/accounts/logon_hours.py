"""Active Directory's `logonHours`, and the PowerShell that sets and takes it back.

21 bytes, bit i (least significant first) stands for hour i of the week in UTC, Sunday 00:00 being 0
([MS-ADTS] 2.2.23 names the attribute's layout; a live AD enforces it so).
"""

from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet
from zoneinfo import ZoneInfo

from exward.accounts.clock import WEEK_HOURS

_QUOTES = "'‘’‚‛"
"""PowerShell takes all of these for a quotation mark."""


def offsets(zone: ZoneInfo, year: int) -> tuple[int, ...]:
    """Minutes that the zone is ahead of UTC in that year, rising: two where DST is kept."""
    start = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
    days = (start + datetime.timedelta(days=day) for day in range(366))
    found = {day.astimezone(zone).utcoffset() for day in days}
    return tuple(sorted(int(one.total_seconds()) // 60 for one in found if one is not None))


def to_utc(hours: AbstractSet[int], ahead: AbstractSet[int] | tuple[int, ...]) -> frozenset[int]:
    """Hours of the UTC week that hours of the local week fall in, with each of the offsets."""
    return frozenset(
        (hour * 60 - minutes + late) // 60 % WEEK_HOURS
        for hour in hours
        for minutes in ahead
        for late in (0, 59)
    )


def pack(hours: AbstractSet[int]) -> bytes:
    """The 21 bytes for hours of the UTC week."""
    made = bytearray(WEEK_HOURS // 8)
    for hour in hours:
        made[hour // 8] |= 1 << hour % 8
    return bytes(made)


def unpack(value: bytes) -> frozenset[int]:
    """Hours of the UTC week that the bytes allow; raises ValueError unless there are 21."""
    if len(value) != WEEK_HOURS // 8:
        raise ValueError(f"logonHours has {len(value)} bytes, not {WEEK_HOURS // 8}")
    return frozenset(hour for hour in range(WEEK_HOURS) if value[hour // 8] >> hour % 8 & 1)


def quoted(text: str) -> str:
    """A text for PowerShell, as one word that nothing is expanded in.

    Raises ValueError for control characters: no account has them.
    """
    if not text.isprintable():
        raise ValueError("the name holds characters that no account has")
    for quote in _QUOTES:
        text = text.replace(quote, quote * 2)
    return f"'{text}'"


def commands(account: str, value: bytes) -> tuple[list[str], list[str]]:
    """PowerShell lines that set `logonHours` of an account, and lines that take it back."""
    kind = "ADServiceAccount" if account.endswith("$") else "ADUser"
    name, numbers = quoted(account), ",".join(map(str, value))
    setting = [
        f"$account = {name}",
        f"$before = (Get-{kind} -Identity $account -Properties logonHours).logonHours",
        "$kept = Join-Path $env:USERPROFILE 'exward-logonHours-before.txt'",
        "Set-Content -LiteralPath $kept -Value ([string]($before -join ','))",
        f"Set-{kind} -Identity $account -Replace @{{logonHours=[byte[]]({numbers})}}",
    ]
    undoing = [
        f"$account = {name}",
        "$kept = Join-Path $env:USERPROFILE 'exward-logonHours-before.txt'",
        "$before = (Get-Content -LiteralPath $kept -Raw).Trim()",
        f"if ($before) {{ Set-{kind} -Identity $account "
        "-Replace @{logonHours=[byte[]]($before -split ',')} }",
        f"else {{ Set-{kind} -Identity $account -Clear logonHours }}",
    ]
    return setting, undoing
