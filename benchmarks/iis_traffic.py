"""IIS logs of an Exchange front end: made up, deterministic by seed, in the documented layout.

    python benchmarks/iis_traffic.py OUT.log [--megabytes 1000] [--seed 1]

The mix follows the measured share of a mid-size organisation: most lines are probes of managed
availability, some 14 % are users (OWA, ActiveSync, MAPI over HTTP, EWS, Autodiscover). About one
line in 200,000 is an internet scanner's request.
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIELDS = (
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent)"
    " cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
)
_AGENTS = (
    "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/126.0.0.0+Safari/537.36",
    "Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.17726;+Pro)",
    "Apple-iPhone14C2/2107.93",
    "Android-Mail/2024.06.09.643187474.Release",
    "Mozilla/5.0+(Macintosh;+Intel+Mac+OS+X+10_15_7)+AppleWebKit/605.1.15+(KHTML,+like+Gecko)+Version/17.5+Safari/605.1.15",
)
_PROBES = (
    ("GET", "/owa/healthcheck.htm", "AMProbe/Local/ClientAccess"),
    ("GET", "/ews/healthcheck.htm", "AMProbe/Local/ClientAccess"),
    ("GET", "/mapi/healthcheck.htm", "AMProbe/Local/ClientAccess"),
    ("POST", "/powershell", "Microsoft+WinRM+Client"),
    ("GET", "/ecp/exhealth.check", "AMProbe/Local/ClientAccess"),
    ("POST", "/rpc/rpcproxy.dll", "MSRPC"),
)
_SCANS = (
    "/autodiscover/autodiscover.json"
    " @x.example/owa/?&Email=autodiscover/autodiscover.json%3F@x.example",
    "/ecp/y.js -",
    "/.env -",
    "/owa/auth/errorFE.aspx httpCode=500",
)


def lines(rng: random.Random, start: datetime, count: int) -> list[str]:
    """`count` request lines from `start` on, about 20 a second."""
    users = [f"CONTOSO\\user{n:04}" for n in range(2000)]
    made = []
    for number in range(count):
        stamp = (start + timedelta(milliseconds=50 * number)).strftime("%Y-%m-%d %H:%M:%S")
        guid = f"{rng.getrandbits(128):032x}"
        dashed = "-".join((guid[:8], guid[8:12], guid[12:16], guid[16:20], guid[20:]))
        tail = f"&CorrelationID=<empty>;&cafeReqId={dashed};"
        kind = rng.random()
        if kind < 0.86:
            method, stem, agent = _PROBES[rng.randrange(len(_PROBES))]
            account = f"HealthMailbox{rng.randrange(40):02}@contoso.example"
            made.append(
                f"{stamp} 127.0.0.1 {method} {stem} {tail} 443 {account} 127.0.0.1 {agent} -"
                f" 200 0 0 {rng.randrange(90)}"
            )
        elif kind < 0.999995:
            made.append(_user_line(rng, stamp, tail, users))
        else:
            made.append(
                f"{stamp} 10.0.0.5 GET {_SCANS[rng.randrange(len(_SCANS))]} 443 -"
                f" 203.0.113.{rng.randrange(1, 255)} Mozilla/5.0+zgrab/0.x - 404 0 2 15"
            )
    return made


def _user_line(rng: random.Random, stamp: str, tail: str, users: list[str]) -> str:
    user = users[rng.randrange(len(users))]
    device = f"{rng.getrandbits(64):016X}"
    name = user.partition("\\")[2]
    method, stem, query = (
        ("POST", "/owa/service.svc", f"action=FindItem&EP=1&ID=-{rng.randrange(999)}&AC=1{tail}"),
        (
            "POST",
            "/Microsoft-Server-ActiveSync/default.eas",
            f"User={name}%40contoso.example&DeviceId={device}&DeviceType=iPhone&Cmd=Ping{tail}",
        ),
        ("POST", "/mapi/emsmdb/", f"mailboxId={device.lower()}%40contoso.example{tail}"),
        ("POST", "/EWS/Exchange.asmx", tail),
        ("GET", "/owa/prem/15.2.1118.7/scripts/boot.worldwide.0.mouse.js", tail),
        ("POST", "/autodiscover/autodiscover.xml", tail),
    )[rng.randrange(6)]
    agent = _AGENTS[rng.randrange(len(_AGENTS))]
    status = "200 0 0" if rng.random() < 0.93 else "401 1 2148074254"
    return (
        f"{stamp} 10.0.0.5 {method} {stem} {query} 443 {user} 198.51.100.{rng.randrange(1, 255)}"
        f" {agent} - {status} {rng.randrange(900)}"
    )


def write(target: Path, size_bytes: int, seed: int = 1) -> int:
    """Write a log of at least `size_bytes`; how many request lines it has."""
    rng = random.Random(seed)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    total = 0
    with target.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write("#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n")
        file.write(f"#Date: 2026-01-05 00:00:00\n#Fields: {FIELDS}\n")
        while file.tell() < size_bytes:
            chunk = lines(rng, start + timedelta(milliseconds=50 * total), 50_000)
            file.write("\n".join(chunk) + "\n")
            total += len(chunk)
    return total


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total = write(options.target, options.megabytes * 1_000_000, options.seed)
    print(f"{options.target}: {total} lines, {options.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
