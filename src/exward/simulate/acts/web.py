"""Requests over the web: one line in IIS's front end, one in HttpProxy, one in the back end."""

from __future__ import annotations

from dataclasses import dataclass

from exward.simulate.layouts.iis import Line
from exward.simulate.world import SECOND, Host, World, iso

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126"
)
PROBE = "AMProbe/Local/ClientAccess"

_PROTOCOLS = {
    "autodiscover": "autodiscover",
    "microsoft-server-activesync": "eas",
    "ecp": "ecp",
    "ews": "ews",
    "mapi": "mapi",
    "oab": "oab",
    "owa": "owa",
    "powershell": "powershell",
    "rpc": "rpchttp",
}
"""First folder of the URL → HttpProxy's protocol."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `user` "" is nobody; `back_status` None: not passed on to the back end."""

    client: str
    stem: str
    query: str = ""
    method: str = "GET"
    status: int = 200
    user: str = ""
    agent: str = BROWSER
    win32: int = 0
    back_status: int | None = 200
    back_stem: str = ""
    back_user: str = ""
    anchor: str = ""
    hint: str = "WindowsIdentity"
    auth: str = "FBA"
    action: str = ""
    soap: str = ""
    impersonated: str = ""
    sent: int = 900
    taken_ms: int = 40


def send(world: World, host: Host, time: int, one: Request) -> str:
    """Add the request's lines; returns its request id."""
    request_id = world.guid()
    folder = one.stem.split("/")[1].lower() if one.stem.count("/") else ""
    protocol = _PROTOCOLS.get(folder, "")
    suffix = f"&CorrelationID=<empty>;&cafeReqId={request_id};" if protocol else ""
    front = Line(
        one.method, one.stem, f"{one.query}{suffix}", 443, one.user, one.client, one.agent,
        one.status, 1 if one.status == 401 else 0, one.win32, one.taken_ms,
        one.client if one.client == "127.0.0.1" else "",
    )  # fmt: skip
    world.add(time, host, "iis-front", front)
    if not protocol:
        return request_id
    world.add(time + SECOND // 5, host, f"httpproxy-{protocol}",
              _proxy_line(host, one, request_id, protocol, time))  # fmt: skip
    if one.back_status is not None and one.status != 401:
        back = Line(
            one.method, one.back_stem or one.stem, f"{one.query}&ActID={world.guid()};", 444,
            one.back_user or one.user, host.address, one.agent, one.back_status, 0, 0,
            one.taken_ms, host.address,
        )  # fmt: skip
        world.add(time + SECOND // 10, host, "iis-back", back)
    if one.soap:
        _ews(world, host, time, one, request_id)
    return request_id


_NAMES = {"eas": "Eas", "powershell": "PowerShell", "rpchttp": "RpcHttp"}


def _proxy_line(
    host: Host, one: Request, request_id: str, protocol: str, time: int
) -> dict[str, str]:
    passed = one.back_status is not None and one.status != 401
    return {
        "DateTime": iso(time + SECOND // 5),
        "RequestId": request_id,
        "Protocol": _NAMES.get(protocol, protocol.capitalize()),
        "UrlHost": "mail.contoso.example",
        "UrlStem": one.stem,
        "ProtocolAction": one.action or one.soap,
        "AuthenticationType": one.auth,
        "IsAuthenticated": "true" if one.user else "false",
        "AuthenticatedUser": one.user,
        "AnchorMailbox": one.anchor,
        "UserAgent": one.agent.replace(",", " "),
        "ClientIpAddress": one.client,
        "HttpStatus": str(one.status),
        "BackEndStatus": str(one.back_status) if passed else "",
        "Method": one.method,
        "ProxyAction": "Proxy" if passed else "",
        "TargetServer": host.full_name.lower() if passed else "",
        "TargetServerVersion": "15.02.1118.000" if passed else "",
        "RoutingType": "IntraForest" if passed else "",
        "RoutingHint": one.hint if passed else "",
        "RequestBytes": "512",
        "ResponseBytes": str(one.sent),
        "ActivityContextLifeTime": str(one.taken_ms),
        "ProxyTime": str(one.taken_ms // 2),
        "TotalRequestTime": str(one.taken_ms),
        "UrlQuery": f"?{one.query}" if one.query else "",
        "GenericInfo": f"BeginRequest={iso(time)};CorrelationID=<empty>;ProxyState-Run=None;"
        f"FEAuth=BEVersion-1942062550;BeginGetResponse={iso(time)};"
        f"EndRequest={iso(time + SECOND // 5)};",
    }


def _ews(world: World, host: Host, time: int, one: Request, request_id: str) -> None:
    row = {
        "DateTime": iso(time + SECOND // 6),
        "RequestId": request_id,
        "AuthenticationType": one.auth,
        "IsAuthenticated": "true",
        "AuthenticatedUser": one.back_user or one.user,
        "UserAgent": one.agent.replace(",", " "),
        "VersionInfo": "Target=None;Req=Exchange2013_SP1/Exchange2016;",
        "ClientIpAddress": one.client,
        "FrontEndServer": host.full_name,
        "SoapAction": one.soap,
        "HttpStatus": str(one.back_status or one.status),
        "RequestSize": "1203",
        "ResponseSize": str(one.sent),
        "ImpersonatedUser": one.impersonated,
    }
    world.add(time + SECOND // 6, host, "ews", row)
