"""One small log of each kind of text log, in the layout that its product writes."""

from __future__ import annotations

T = "2026-03-03T05:11:09.112Z"


def log(kind: str, columns: str, *rows: str) -> bytes:
    head = f"#Software: Microsoft Exchange Server\n#Version: 15.02.1118.007\n#Log-type: {kind}\n"
    return (
        head + f"#Date: {T}\n#Fields: {columns}\n" + "".join(f"{row}\n" for row in rows)
    ).encode()


LOGS = {
    "exchange-httpproxy": log(
        "HttpProxy Logs",
        "DateTime,RequestId,Protocol,UrlHost,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,"
        "ClientIpAddress,ServerHostName,HttpStatus,Method,ProxyAction,ResponseBytes,UrlQuery",
        f"{T},47a2,Owa,mail.contoso.example,/owa/%61uth/x.aspx,,,python-requests/2.31,203.0.113.20,"
        "EX01,200,POST,Proxy,12,?a=%2561",
    ),
    "exchange-rps-cmdlet": log(
        "Rps Cmdlet Logs",
        "DateTime,ServerHostName,ProcessName,AuthenticatedUser,ExecutingUserSid,ClientApplication,"
        "Cmdlet,Parameters,ExecutionResult,GenericInfo,GenericErrors",
        f"{T},EX01,w3wp#MSExchangePowerShellAppPool,Administrator,S-1-5-21-1-500,PowerShell,"
        'New-MailboxExportRequest,"-Mailbox ""ceo"" -FilePath ""\\\\127.0.0.1\\c$\\q.aspx""",'
        "Success,a=1;PSSenderInfo=jdoe@contoso.example;b=2,",
    ),
    "exchange-ecp-server": log(
        "ECP Server Log",
        "TimeStamp,ServerName,EventId,EventData",
        f"{T},EX01,ECP.Request,\"S:TIME=640;S:SID=x;S:CMD=Set-OabVirtualDirectory.ExternalUrl='http://f"
        '/<script>a="";b()</script>\';S:REQID=;S:URL=/ecp/DDI/DDIService.svc/SetObject;S:EX=;S:ACTID=7"',
    ),
    "exchange-ecp-activity": log(
        "ECP Activity Context Log",
        "TimeStamp,ServerName,EventId,EventData",
        f"{T},EX01,Request,S:PSA=CONTOSO\\a.user;S:URL=/ecp/;Dbl:WLM.TS=1",
    ),
    "exchange-ews": log(
        "EWS Logs",
        "DateTime,RequestId,AuthenticatedUser,UserAgent,ClientIpAddress,ServerHostName,SoapAction,"
        "HttpStatus,ImpersonatedUser",
        f"{T},r,CONTOSO\\svc,x,203.0.113.9,EX01,GetItem,200,ceo@contoso.example",
    ),
    "exchange-autodiscover": log(
        "Autodiscover Logs", "DateTime,RequestId,ServerHostName,HttpStatus", f"{T},r,EX01,200"
    ),
    "exchange-mapihttp": log(
        "MapiHttp Logs", "DateTime,RequestId,MapiRequestId,ServerHostName", f"{T},r,m,EX01"
    ),
    "exchange-rps-http": log(
        "Rps Http Logs", "DateTime,ShellId,CommandName,ServerHostName", f"{T},s,c,EX01"
    ),
    "exchange-rps-authz": log(
        "Rps AuthZ Logs", "DateTime,AuthenticatedUser,ServerHostName", f"{T},a,EX01"
    ),
    "exchange-oabgenerator": log(
        "OABGeneratorLog", "DateTime,ServerName,EventData", f"{T},EX01,Download failed"
    ),
    "exchange-message-tracking": log(
        "Message Tracking Log",
        "date-time,client-ip,server-ip,server-hostname,source,event-id,internal-message-id",
        f"{T},203.0.113.9,10.0.0.5,EX01,SMTP,RECEIVE,1",
    ),
    "exchange-smtp-receive": log(
        "SMTP Receive Protocol Log",
        "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,"
        "context",
        f"{T},EX01\\Default Frontend EX01,08D,0,10.0.0.5:25,203.0.113.9:4711,+,,",
    ),
    "exchange-smtp-send": log(
        "SMTP Send Protocol Log",
        "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,"
        "context",
        f"{T},Internet,08D,0,10.0.0.5:2525,203.0.113.9:25,+,,",
    ),
    "exchange-connectivity": log(
        "Transport Connectivity Log",
        "date-time,session,source,Destination,direction,description",
        f"{T},08D,SMTP,contoso.example,+,DnsConnectorDelivery",
    ),
    "exchange-agent": log(
        "Agent Log", "Timestamp,SessionId,P1FromAddress,Agent,Event,Action", f"{T},s,a@b,X,E,Accept"
    ),
    "exchange-httprequestfiltering": log(
        "HttpRequestFiltering Logs",
        "DateTime,UrlHost,UrlStem,ScanResult",
        "3/3/2026 5:11:09 AM,mail.contoso.example,/ecp/x.js,Detected",
    ),
    "exchange-text-log": log("Mitigation Log", "DateTime,Server,Text", f"{T},EX01,applied M1"),
    "httperr": (
        b"#Software: Microsoft HTTP API 2.0\n#Version: 1.0\n#Date: 2026-03-03 05:00:00\n"
        b"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status "
        b"s-siteid s-reason s-queuename\n"
        b"2026-03-03 05:11:09 203.0.113.9 4711 10.0.0.5 443 HTTP/1.1 GET /%2e%2e/ "
        b"400 - URL -\n"
    ),
}
