"""Sign-ins that the tests make up: weeks of a quiet account, and events as Windows writes them."""

from __future__ import annotations

import datetime
import json

from exward.accounts.logon import Logon

UTC = datetime.UTC
MONDAY = datetime.datetime(2026, 1, 5, tzinfo=UTC)


def micros(when):
    return int(when.timestamp()) * 1_000_000


def at(day, hour, minute=0):
    return MONDAY + datetime.timedelta(days=day, hours=hour, minutes=minute)


def logon(when, **changes):
    given = {
        "account": "svc_backup",
        "address": "10.0.0.5",
        "target": "ex01",
        "type": "5",
        "package": "negotiate",
        "process": "services.exe",
        **changes,
    }
    return Logon(time=micros(when), **given)


def quiet_weeks(weeks=8, hour=2, **changes):
    """Every night at the same hour, a few minutes late now and then."""
    return [logon(at(day, hour, day % 7), **changes) for day in range(weeks * 7)]


def event(when, event_id=4624, record=1, **data):
    """A Security event as JSON, the way winlogbeat and others flatten it."""
    fields = {
        "TargetUserName": "svc_backup",
        "TargetDomainName": "CORP",
        "LogonType": "5",
        "IpAddress": "10.0.0.5",
        "WorkstationName": "APP01",
        "AuthenticationPackageName": "Negotiate",
        "ProcessName": "C:\\Windows\\System32\\services.exe",
        **data,
    }
    return {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
                "EventID": event_id,
                "Channel": "Security",
                "Computer": "EX01.corp.example",
                "EventRecordID": record,
                "TimeCreated": {"#attributes": {"SystemTime": when.isoformat()}},
            },
            "EventData": fields,
        }
    }


def write(path, events):
    path.write_text("".join(json.dumps(one) + "\n" for one in events), "utf-8")
    return path
