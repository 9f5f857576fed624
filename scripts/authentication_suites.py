"""Runs public suites of cases: SPF (RFC 7208) and ARC (RFC 8617, by ValiMail).

    pip download --no-deps --no-binary :all: pyspf    # and unpack it
    python scripts/authentication_suites.py pyspf-2.0.14/test/rfc7208-tests.yml
    python scripts/authentication_suites.py arc_test_suite/tests/arc-draft-validation-tests.yml

The suites stand under their authors' licences and are no part of this project.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from exward.mail.authentication.resolver import LookupFailedError, TableResolver
from exward.mail.authentication.sender_policy import check_spf
from exward.mail.authentication.signatures import check_arc


class SuiteResolver:
    """Answers from a scenario's zone data; `TIMEOUT` is a server that does not answer."""

    def __init__(self, zone: dict[str, list[Any]]) -> None:
        """Names in any case."""
        self._zone = {name.lower().rstrip("."): records for name, records in zone.items()}

    def lookup(self, name: str, kind: str) -> list[bytes]:
        """As in `Resolver`."""
        plain = ".".join(part for part in name.split(".") if part).lower()
        records = self._zone.get(plain, [])
        # The suite lets SPF records stand for TXT where a name has none of these.
        kinds = {given for record in records if isinstance(record, dict) for given in record}
        wanted = "SPF" if kind == "TXT" and "TXT" not in kinds else kind
        found: list[bytes] = []
        for record in records:
            value = record.get(wanted) if isinstance(record, dict) else record
            if value == "TIMEOUT" and kind != "CNAME" and not found:
                raise LookupFailedError(name)
            if value is not None and value not in ("TIMEOUT", "NONE"):
                found.append(_value(kind, value))
        return found


def _value(kind: str, value: object) -> bytes:
    if kind == "TXT":
        return "".join(value if isinstance(value, list) else [value]).encode()
    if isinstance(value, list):
        return f"{value[0]} {value[1]}".encode()
    return str(value).encode()


def spf_case(scenario: dict[str, Any], case: dict[str, Any]) -> tuple[str, list[str]]:
    """What we say of a case, and what may be said."""
    resolver = SuiteResolver(scenario["zonedata"])
    found, _ = check_spf(case["host"], case["helo"], case["mailfrom"], resolver)
    expected = case["result"]
    return found, expected if isinstance(expected, list) else [expected]


def arc_case(scenario: dict[str, Any], case: dict[str, Any]) -> tuple[str, list[str]]:
    """The same for a chain."""
    texts = scenario.get("txt-records") or scenario.get("txt_records") or {}
    records = {(name.rstrip(".").lower(), "TXT"): ["".join(value.split("\n")).encode()]
               for name, value in texts.items()}  # fmt: skip
    raw = case["message"].replace("\r\n", "\n").replace("\n", "\r\n").encode()
    return check_arc(raw, TableResolver(records)), [(case["cv"] or "none").lower()]


def main() -> int:
    """Print every case that differs; 1 if there is one."""
    right, wrong = 0, 0
    text = Path(sys.argv[1]).read_text("utf-8")
    for scenario in yaml.safe_load_all(text):
        for name, case in scenario["tests"].items():
            found, expected = (arc_case if "cv" in case else spf_case)(scenario, case)
            if found in expected:
                right += 1
            else:
                wrong += 1
                print(f"{scenario['description']}: {name}: {found}, not {' or '.join(expected)}")
    print(f"{right} of {right + wrong} cases are right")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
