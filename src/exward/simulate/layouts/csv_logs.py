"""Exchange's own text logs, with their columns in the documented order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from exward.simulate.layouts.interface import LOGGING, TRANSPORT, Layout, daily, hourly
from exward.simulate.world import BUILD, Host, iso

_VERSION = f"{BUILD[0]}.{BUILD[1]:02d}.{BUILD[2]}.{BUILD[3]:03d}"
_VERSIONS = "MajorVersion MinorVersion BuildVersion RevisionVersion"
_VERSION_VALUES = dict(zip(_VERSIONS.split(), map(str, BUILD), strict=True))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HTTP_PROXY = _names(
    f"DateTime RequestId {_VERSIONS} ClientRequestId Protocol UrlHost UrlStem ProtocolAction "
    "AuthenticationType IsAuthenticated AuthenticatedUser Organization AnchorMailbox UserAgent "
    "ClientIpAddress ServerHostName HttpStatus BackEndStatus ErrorCode Method ProxyAction "
    "TargetServer TargetServerVersion RoutingType RoutingHint BackEndCookie ServerLocatorHost "
    "ServerLocatorLatency RequestBytes ResponseBytes TargetOutstandingRequests "
    "AuthModulePerfContext HttpPipelineLatency CalculateTargetBackEndLatency GlsLatencyBreakup "
    "TotalGlsLatency AccountForestLatencyBreakup TotalAccountForestLatency "
    "ResourceForestLatencyBreakup TotalResourceForestLatency ADLatency SharedCacheLatencyBreakup "
    "TotalSharedCacheLatency ActivityContextLifeTime ModuleToHandlerSwitchingLatency "
    "ClientReqStreamLatency BackendReqInitLatency BackendReqStreamLatency "
    "BackendProcessingLatency BackendRespInitLatency BackendRespStreamLatency "
    "ClientRespStreamLatency KerberosAuthHeaderLatency HandlerCompletionLatency "
    "RequestHandlerLatency HandlerToModuleSwitchingLatency ProxyTime CoreLatency RoutingLatency "
    "HttpProxyOverhead TotalRequestTime RouteRefresherLatency UrlQuery BackEndGenericInfo "
    "GenericInfo GenericErrors EdgeTraceId DatabaseGuid UserADObjectGuid "
    "PartitionEndpointLookupLatency RoutingStatus"
)
RPS_CMDLET = _names(
    f"DateTime StartTime RequestId ClientRequestId {_VERSIONS} ServerHostName ProcessId "
    "ProcessName ThreadId CultureInfo Organization AuthenticatedUser ExecutingUserSid "
    "EffectiveOrganization UserServicePlan IsAdmin ClientApplication Cmdlet Parameters "
    "CmdletUniqueId UserBudgetOnStart ContributeToFailFast RunspaceSettingsCreationHint "
    "ADViewEntireForest ADRecipientViewRoot ADConfigurationDomainControllers "
    "ADPreferredGlobalCatalogs ADPreferredDomainControllers ADUserConfigurationDomainController "
    "ADUserPreferredGlobalCatalog ADuserPreferredDomainControllers ThrottlingInfo DelayInfo "
    "ThrottlingDelay IsOutputObjectRedacted CmdletProxyStage CmdletProxyRemoteServer "
    "CmdletProxyRemoteServerVersion CmdletProxyMethod ProxiedObjectCount CmdletProxyLatency "
    "OutputObjectCount ParameterBinding BeginProcessing ProcessRecord EndProcessing "
    "StopProcessing BizLogic PowerShellLatency UserInteractionLatency ProvisioningLayerLatency "
    "ActivityContextLifeTime TotalTime ErrorType ExecutionResult CacheHitCount CacheMissCount "
    "GenericLatency GenericInfo GenericErrors ObjectGuid ExternalDirectoryOrganizationId "
    "ExternalDirectoryObjectId NonPiiParameters"
)
RPS_HTTP = _names(
    f"DateTime StartTime RequestId {_VERSIONS} ClientRequestId UrlHost UrlStem AuthenticationType "
    "IsAuthenticated AuthenticatedUser Organization ManagedOrganization ClientIpAddress "
    "ServerHostName FrontEndServer HttpStatus SubStatus ErrorCode Action CommandId CommandName "
    "SessionId ShellId FailFast ContributeToFailFast RequestBytes ClientInfo CPU Memory "
    "ActivityContextLifeTime TotalTime UrlQuery GenericLatency GenericInfo GenericErrors"
)
EWS = _names(
    f"DateTime RequestId {_VERSIONS} Ring ClientRequestId AuthenticationType IsAuthenticated "
    "AuthenticatedUser Organization UserAgent VersionInfo ClientIpAddress ServerHostName "
    "FrontEndServer SoapAction HttpStatus RequestSize ResponseSize ErrorCode ImpersonatedUser "
    "ProxyAsUser ActAsUser Cookie CorrelationGuid GenericInfo AuthenticationErrors GenericErrors "
    "Puid"
)
TRACKING = _names(
    "date-time client-ip client-hostname server-ip server-hostname source-context "
    "connector-id source event-id internal-message-id message-id network-message-id "
    "recipient-address recipient-status total-bytes recipient-count related-recipient-address "
    "reference message-subject sender-address return-path message-info directionality "
    "tenant-id original-client-ip original-server-ip custom-data transport-traffic-type "
    "log-id schema-version"
)
SMTP = _names(
    "date-time connector-id session-id sequence-number local-endpoint remote-endpoint event "
    "data context"
)
ECP = ("TimeStamp", "ServerName", "EventId", "EventData")
AUDIT = _names(
    "Timestamp Server TenantId RecordType Data UserKey RecordId Operation Workload "
    "ResultStatus Version Scope"
)
AGENT = _names(
    "Timestamp SessionId LocalEndpoint RemoteEndpoint EnteredOrgFromIP MessageId "
    "P1FromAddress P2FromAddresses Recipient NumRecipients Agent Event Action SmtpResponse "
    "Reason ReasonData Diagnostics NetworkMsgID TenantID Directionality"
)
CONNECTIVITY = ("date-time", "session", "source", "Destination", "direction", "description")
OAB = ("DateTime", "ServerName", "EventId", "EventData")
FILTERING = ("DateTime", "UrlHost", "UrlStem", "ScanResult")

Values = Mapping[str, str]
_TO_QUOTE = re.compile(r'[,"\n\r]')


def quoted(value: str) -> str:
    """A value as it stands in the line."""
    if _TO_QUOTE.search(value):
        return '"' + value.replace('"', '""') + '"'
    return value


def _header(kind: str, columns: tuple[str, ...], bare: bool, version: str, time: int) -> str:
    names = ",".join(columns)
    return (
        (f"{names}\r\n" if bare else "")
        + f"#Software: Microsoft Exchange Server\r\n#Version: {version}\r\n#Log-type: {kind}\r\n"
        + f"#Date: {iso(time)}\r\n#Fields: {names}\r\n"
    )


def _line(
    places: Mapping[str, int], servers: tuple[str, ...], host: Host, time: int, data: Values
) -> str:
    values = [""] * len(places)
    for name, value in data.items():
        if name in places:
            values[places[name]] = quoted(value)
    values[0] = values[0] or iso(time)
    for name in servers:
        values[places[name]] = host.name
    at = places.get("MajorVersion")
    if at is not None:
        values[at : at + 4] = _VERSION_VALUES.values()
    return ",".join(values) + "\r\n"


def _layout(
    log: str,
    file: Callable[[int], str],
    kind: str,
    columns: tuple[str, ...],
    server: str = "",
) -> Layout:
    bare = columns[0] == "DateTime" and len(columns) > len(FILTERING)
    version = _VERSION if bare else "15.0.0.0"
    servers = (server,) if server else ()
    places = {name: place for place, name in enumerate(columns)}

    def line(host: Host, time: int, data: Values, number: int) -> str:
        del number
        return _line(places, servers, host, time, data)

    return Layout(log, file, partial(_header, kind, columns, bare, version), line)


PROTOCOLS = (
    *("Autodiscover", "Eas", "Ecp", "Ews", "Mapi", "Oab", "Owa", "OwaCalendar", "PowerShell"),
    "RpcHttp",
)
_RPS = f"{LOGGING}/CmdletInfra/Powershell-Proxy"
_SMTP_FOLDER = f"{TRANSPORT}/FrontEnd/ProtocolLog"

LAYOUTS = (
    *(
        _layout(
            f"httpproxy-{name.lower()}",
            hourly(f"{LOGGING}/HttpProxy/{name}/HttpProxy_{{}}-1.LOG"),
            "HttpProxy Logs",
            HTTP_PROXY,
            "ServerHostName",
        )
        for name in PROTOCOLS
    ),
    _layout("rps-cmdlet", hourly(f"{_RPS}/Cmdlet/Rps_Cmdlet_{{}}-1.LOG"), "Rps Cmdlet Logs",
            RPS_CMDLET, "ServerHostName"),
    _layout("rps-http", hourly(f"{_RPS}/Http/Rps_Http_{{}}-1.LOG"), "Rps Http Logs",
            RPS_HTTP, "ServerHostName"),
    _layout("ews", hourly(f"{LOGGING}/Ews/Ews_{{}}-1.LOG"), "EWS Logs", EWS, "ServerHostName"),
    _layout("ecp-server", daily(f"{LOGGING}/ECP/Server/ECPServer{{}}-1.LOG"), "ECP Server Log",
            ECP, "ServerName"),
    _layout("ecp-activity", daily(f"{LOGGING}/ECP/Activity/ECPActivity_8120_{{}}-1.LOG"),
            "ECP Activity Context Log", ECP, "ServerName"),
    _layout("oab", daily(f"{LOGGING}/OABGeneratorLog/OABGeneratorLog_{{}}-1.LOG"),
            "OABGeneratorLog", OAB, "ServerName"),
    _layout("filtering", daily(f"{LOGGING}/HttpRequestFiltering/HttpRequestFiltering_{{}}.log"),
            "HttpRequestFiltering Logs", FILTERING),
    _layout("audit-queue", daily(f"{LOGGING}/LocalQueue/Exchange/audit{{}}-1.LOG"), "audit", AUDIT,
            "Server"),
    _layout("tracking", hourly(f"{TRANSPORT}/MessageTracking/MSGTRK{{}}-1.LOG"),
            "Message Tracking Log", TRACKING, "server-hostname"),
    _layout("smtp-receive", hourly(f"{_SMTP_FOLDER}/SmtpReceive/RECV{{}}-1.LOG"),
            "SMTP Receive Protocol Log", SMTP),
    _layout("smtp-send", hourly(f"{_SMTP_FOLDER}/SmtpSend/SEND{{}}-1.LOG"),
            "SMTP Send Protocol Log", SMTP),
    _layout("connectivity", daily(f"{TRANSPORT}/Hub/Connectivity/CONNECTLOG{{}}-1.LOG"),
            "Transport Connectivity Log", CONNECTIVITY),
    _layout("agent", daily(f"{TRANSPORT}/Hub/AgentLog/AGENTLOG{{}}-1.LOG"), "Agent Log", AGENT),
)  # fmt: skip
