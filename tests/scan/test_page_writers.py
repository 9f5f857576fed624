"""A page says which process wrote it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exward.incidents.attribution import UNKNOWN_HOST
from exward.model.finding import Evidence
from exward.scan.page_writers import told
from exward.scan.pipeline import ScanSettings, scan
from exward.scan.progress import Silent
from tests.collector.collection import MEMBERS, collection
from tests.reports.sample_result import sample_result

IMAGE = "C:\\Windows\\System32\\inetsrv\\w3wp.exe"
SERVER = "EX01.contoso.example"
(ANY, *_) = sample_result().findings


def _page(path="EX01.zip!files/C/inetpub/wwwroot/aspnet_client/x.aspx", server=SERVER):
    shown = Evidence(path, 0, None, {"TargetFilename": path})
    return replace(ANY, path=path, server=server, evidence=(shown,), why="it runs code")


def _write(*times, path="C:\\INETPUB\\wwwroot\\aspnet_client\\X.aspx", **fields):
    fields = {"TargetFilename": path, "Image": IMAGE} | fields
    places = tuple(Evidence("x.evtx", 1, time, fields) for time in times)
    return replace(ANY, path="", server=SERVER, account="SYSTEM", evidence=places, why="written")


def test_the_first_write_is_told():
    page, write = told([_page(), _write(7_000_000, 2_000_000, 9_000_000)])
    assert page.why == f"it runs code; written 1970-01-01 00:00:02 UTC by {IMAGE} as SYSTEM"
    assert write.why == "written"
    (page, _) = told([_page(), replace(_write(0), account="")])
    assert page.why == f"it runs code; written 1970-01-01 00:00:00 UTC by {IMAGE}"


@pytest.mark.parametrize(
    ("page", "write"),
    [
        (_page(server="EX02.contoso.example"), _write(1)),
        (_page(server=UNKNOWN_HOST), replace(_write(1), server=UNKNOWN_HOST)),
        (_page("x.aspx"), _write(1)),
        (_page(), _write(1, path="C:\\inetpub\\wwwroot\\aspnet_client\\y.aspx")),
        (_page(), _write(1, Image="")),
        (_page(), _write(None)),
    ],
)
def test_other_writes_are_not(page, write):
    assert told([page, write]) == (page, write)


def test_a_scan_says_what_wrote_a_page(tmp_path):
    event = {"Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": 11,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-01-04T03:00:00Z"}},
            "EventRecordID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Computer": SERVER,
        },
        "EventData": {
            "Image": IMAGE, "User": "NT AUTHORITY\\SYSTEM",
            "TargetFilename": "C:\\inetpub\\wwwroot\\aspnet_client\\x.aspx",
        },
    }}  # fmt: skip
    members = MEMBERS | {"files/C/sysmon.jsonl": json.dumps(event).encode()}
    path = collection(tmp_path / "EX01.zip", members, promised=members)
    result = scan(ScanSettings((str(path),), jobs=1, cache_dir=str(tmp_path)), Silent())
    (page,) = (one for one in result.findings if one.detector == "webshell")
    assert f"; written 2026-01-04 03:00:00 UTC by {IMAGE} as NT AUTHORITY\\SYSTEM" in page.why
