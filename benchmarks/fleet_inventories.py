"""Makes up collections of a fleet of Exchange servers, as docs/collector.md lays them out.

Each is sized like a real server's: 300 services, 200 tasks, 120 registry keys, 1,200 web files and
6,000 elements of IIS configuration. Servers differ in builds and settings, the same way each time.
"""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

COLLECTED = "2026-11-26T01:02:11Z"
BUILDS = ("15.2.2562.17", "15.2.1748.37", "15.2.1544.11", "15.2.1258.38", "15.1.2507.58")
_EXCHANGE = "C:\\Program Files\\Microsoft\\Exchange Server\\V15"
_CONFIG = "files/C/Windows/System32/inetsrv/config/applicationHost.config"
_SITES = ("Default Web Site", "Exchange Back End")
_PATHS = (
    "owa", "ecp", "EWS", "Microsoft-Server-ActiveSync", "OAB", "PowerShell", "Rpc", "mapi",
    "Autodiscover", "API", "owa/Calendar", "mapi/emsmdb", "mapi/nspi", "PushNotifications",
)  # fmt: skip
_PROTOCOLS = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols"
_DIRECTORIES = (
    "Owa", "Ecp", "WebServices", "ActiveSync", "Oab", "Mapi", "PowerShell", "Autodiscover",
)  # fmt: skip
_WINDOWS_SERVICE = "C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s Service"


def write_fleet(folder: Path, servers: int) -> int:
    """Write so many zips, `EX0001.contoso.example.zip` and on; how many bytes they take."""
    size_bytes = 0
    for number in range(1, servers + 1):
        name = f"EX{number:04}.contoso.example"
        path = folder / f"{name}.zip"
        members = dict(_members(name, random.Random(number)))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in members.items():
                archive.writestr(member, data)
            archive.writestr("manifest.json", _manifest(name, members))
        size_bytes += path.stat().st_size
    return size_bytes


def _manifest(server: str, members: dict[str, bytes]) -> bytes:
    files = [
        {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in members.items()
    ]
    return json.dumps(
        {
            "schema": "exward.collection/1",
            "server": server,
            "collector": "0.5.0",
            "started": COLLECTED,
            "finished": COLLECTED,
            "elevated": True,
            "exchange_tools": True,
            "files": files,
            "not_collected": [],
        }
    ).encode()


def _members(server: str, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for area, data in {**_windows(server, chance), **_lists(chance)}.items():
        yield f"inventory/{area}.json", _area(area, server, data)
    for cmdlet, data in {**_organization(chance), **_server(server, chance)}.items():
        yield f"inventory/cmdlets/{cmdlet}.json", _area(cmdlet, server, data)
    yield _CONFIG, _application_host(chance)
    folder = f"files/{_EXCHANGE.replace(':', '')}".replace("\\", "/")
    for path in _PATHS:
        yield f"{folder}/{path}/web.config", _web(path, chance.choice(BUILDS))


def _area(area: str, server: str, data: object) -> bytes:
    head = {"schema": "exward.inventory/1", "area": area, "server": server}
    return json.dumps(head | {"collected": COLLECTED, "data": data}).encode()


def _windows(server: str, chance: random.Random) -> dict[str, object]:
    """What Windows itself says."""
    return {
        "host": {
            "Name": server.partition(".")[0], "Fqdn": server, "Domain": "contoso.example",
            "DomainRole": 3, "OsCaption": "Microsoft Windows Server 2022 Standard",
            "OsVersion": "10.0.20348", "OsBuild": 20348, "OsRevision": 4405,
            "ExchangePath": _EXCHANGE, "ProcessElevated": True, "PendingReboot": [],
        },
        "registry": list(_registry(chance)),
        "smb": {
            "EnableSMB1Protocol": chance.random() < 0.3, "EnableSMB2Protocol": True,
            "RequireSecuritySignature": chance.random() < 0.5, "EncryptData": False,
        },
        "defender": {
            "Status": {
                "AMServiceEnabled": True, "AMRunningMode": "Normal", "AntivirusEnabled": True,
                "RealTimeProtectionEnabled": True, "IsTamperProtected": chance.random() < 0.5,
                "AntivirusSignatureAge": 0, "AntivirusSignatureLastUpdated": COLLECTED,
            },
            "Preference": {
                "ExclusionPath": [f"{_EXCHANGE}\\{folder}" for folder in _PATHS],
                "ExclusionProcess": [f"{_EXCHANGE}\\Bin\\Service{n}.exe" for n in range(60)],
                "ExclusionExtension": ["edb", "jrs", "log", "chk", "cfg"],
            },
        },
        "directory": {
            "SchemaVersion": 17003, "OrganizationVersion": 16763, "DomainVersion": 13243,
            "MachineAccountQuota": 10, "OrganizationName": "Contoso",
            "KrbtgtPasswordSet": "2024-02-01T00:00:00Z", "SplitPermissions": False,
        },
        "device-guard": {"SecurityServicesRunning": [2], "SecureBoot": True},
        "fip-fs": {"OverrideLines": [], "EngineUpdated": COLLECTED},
        "time": {"Source": "dc01.contoso.example", "Type": "NT5DS", "OffsetSeconds": 0},
    }  # fmt: skip


def _lists(chance: random.Random) -> dict[str, object]:
    """The long lists."""
    build = chance.choice(BUILDS)
    programs = [f"{_EXCHANGE}\\Bin\\Exchange{n}.dll" for n in range(100)]
    return {
        "files": [
            {"Path": path, "Exists": True, "FileVersion": build, "Bytes": 4711,
             "Modified": COLLECTED, "Sha256": f"{n:064x}", "Signature": "Valid",
             "Signer": "CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond"}
            for n, path in enumerate([f"{_EXCHANGE}\\Bin\\ExSetup.exe", *programs])
        ],
        "hotfixes": [{"Id": f"KB{5000000 + n}", "Installed": COLLECTED} for n in range(30)],
        "services": [
            {"Name": f"Service{n}", "DisplayName": f"Service number {n}", "State": "Running",
             "StartMode": "Auto", "Account": "LocalSystem", "PathName": f"{_WINDOWS_SERVICE}{n}"}
            for n in range(300)
        ],
        "processes": [
            {"Id": 4 * n, "ParentId": 4, "Name": f"p{n}.exe", "Path": f"C:\\Windows\\p{n}.exe",
             "CommandLine": f"C:\\Windows\\p{n}.exe -x", "User": "SYSTEM", "Started": COLLECTED}
            for n in range(250)
        ],
        "scheduled-tasks": [
            {"Path": "\\Microsoft\\Windows\\", "Name": f"Task {n}", "State": "Ready",
             "Author": "Microsoft Corporation", "RunAs": "SYSTEM",
             "Actions": [f"%windir%\\system32\\rundll32.exe task{n}.dll,Run"]}
            for n in range(200)
        ],
        "wmi-subscriptions": [],
        "startup": [{"Place": "HKLM\\Run", "Name": "Health", "Command": "C:\\Windows\\h.exe"}],
        "features": [{"Name": f"Feature-{n}", "Installed": True} for n in range(120)],
        "software": [
            {"Name": f"Program {n}", "Version": "1.0", "Publisher": "Contoso"} for n in range(60)
        ],
        "cipher-suites": [{"Name": f"TLS_ECDHE_RSA_WITH_AES_{n}_GCM"} for n in range(12)],
        "certificates": [
            {"Store": "LocalMachine\\My" if n < 5 else "LocalMachine\\Root", "Subject": f"CN=c{n}",
             "Thumbprint": f"{n:040X}", "Issuer": f"CN=c{n}", "NotBefore": "2024-01-01T00:00:00Z",
             "NotAfter": "2029-01-01T00:00:00Z", "KeyAlgorithm": "RSA", "KeyBits": 2048,
             "SignatureAlgorithm": "sha256RSA", "HasPrivateKey": n < 5, "Exportable": False}
            for n in range(80)
        ],
        "shares": [{"Name": "C$", "Path": "C:\\", "Access": []}],
        "folders": [
            {"Path": f"{_EXCHANGE}\\FrontEnd\\HttpProxy\\{path}", "Owner": "NT AUTHORITY\\SYSTEM",
             "Access": [{"Account": f"CONTOSO\\G{n}", "Sid": f"S-1-5-21-1-2-3-{500 + n}",
                         "Rights": "ReadAndExecute", "Type": "Allow", "Inherited": True}
                        for n in range(8)], "Audit": []}
            for path in _PATHS
        ],
        "firewall": [{"Name": "Domain", "Enabled": True, "DefaultInbound": "Block"}],
        "listeners": [{"Protocol": "TCP", "Address": "::", "Port": n} for n in range(80)],
        "audit-policy": [
            {"Subcategory": f"Subcategory {n}", "Guid": f"0CCE92{n:02X}-69AE-11D9-BED3-505054503",
             "Setting": "Success and Failure"}
            for n in range(16, 75)
        ],
        "event-logs": [
            {"Name": name, "Enabled": True, "MaximumBytes": 134217728, "Mode": "Circular"}
            for name in ("Security", "System", "Application", "Windows PowerShell")
        ],
        "local-groups": [
            {"Name": "Administrators", "Sid": "S-1-5-32-544",
             "Members": [{"Name": f"A{n}", "Sid": f"S-1-5-21-1-2-3-{n}"} for n in range(9)]}
        ],
        "web-files": [
            {"Path": f"{_EXCHANGE}\\ClientAccess\\owa\\p{n}.aspx", "Bytes": 900 + n,
             "Created": COLLECTED, "Modified": COLLECTED, "Sha256": f"{n:064x}"}
            for n in range(1_200)
        ],
        "directory-groups": [
            {"Name": f"Group {g}", "Sid": f"S-1-5-21-1-2-3-{900 + g}", "Dn": f"CN=Group {g}",
             "Members": [{"Name": f"M{n}", "SamAccountName": f"m{n}", "Class": "user",
                          "Enabled": True, "HasMailbox": True} for n in range(12)]}
            for g in range(30)
        ],
        "directory-access": [
            {"Object": "domain", "Dn": "DC=contoso,DC=example", "Trustee": f"CONTOSO\\T{n}",
             "Sid": f"S-1-5-21-1-2-3-{n}", "Rights": "ReadProperty", "Type": "Allow",
             "ObjectType": f"{n:08x}-0000-0000-0000-000000000000", "Inherited": False}
            for n in range(150)
        ],
    }  # fmt: skip


def _registry(chance: random.Random) -> Iterator[dict[str, object]]:
    for version in ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"):
        for side in ("Client", "Server"):
            values = {"Enabled": chance.randrange(2), "DisabledByDefault": chance.randrange(2)}
            yield {"Key": f"{_PROTOCOLS}\\{version}\\{side}", "Exists": True, "Values": values}
    control = "HKLM\\SYSTEM\\CurrentControlSet\\Control"
    lsa = {"LmCompatibilityLevel": chance.randrange(6), "RunAsPPL": chance.randrange(2)}
    yield {"Key": f"{control}\\Lsa", "Exists": True, "Values": lsa}
    yield {"Key": f"{control}\\SecurityProviders\\WDigest", "Exists": False, "Values": {}}
    for number in range(110):
        values = {f"Value{n}": n for n in range(12)}
        yield {"Key": f"HKLM\\SOFTWARE\\Contoso\\K{number}", "Exists": True, "Values": values}


def _organization(chance: random.Random) -> dict[str, object]:
    """Cmdlets whose answers are the organisation's."""
    return {
        "Get-OrganizationConfig": {
            "Name": "Contoso", "MitigationsEnabled": True, "OAuth2ClientProfileEnabled": True,
            "EnableDownloadDomains": chance.random() < 0.5, "MapiHttpEnabled": True,
        },
        "Get-AuthConfig": {"CurrentCertificateThumbprint": f"{1:040X}", "Realm": ""},
        "Get-HybridConfiguration": [],
        "Get-SettingOverride": [],
        "Get-TransportConfig": {"ExternalPostmasterAddress": "p@contoso.example"},
        "Get-AcceptedDomain": [
            {"Name": f"d{n}", "DomainName": f"d{n}.example", "DomainType": "Authoritative"}
            for n in range(40)
        ],
        "Get-RemoteDomain": [{"Name": "Default", "DomainName": "*", "AutoForwardEnabled": False}],
        "Get-TransportRule": [{"Name": f"Rule {n}", "State": "Enabled"} for n in range(40)],
        "Get-ManagementRoleAssignment": [
            {"Name": f"Assignment {n}", "Role": f"Role {n % 80}", "RoleAssignee": f"Group {n % 30}",
             "RoleAssigneeType": "RoleGroup", "RecipientWriteScope": "Organization",
             "Enabled": True}
            for n in range(500)
        ],
        "Get-RoleGroup": [{"Name": f"Group {n}", "Members": [], "Roles": []} for n in range(30)],
        "Get-AdminAuditLogConfig": {
            "AdminAuditLogEnabled": True, "AdminAuditLogCmdlets": ["*"],
            "AdminAuditLogAgeLimit": "90.00:00:00",
        },
        "Get-Mailbox": [
            {"Name": f"m{n}", "ForwardingSmtpAddress": f"smtp:m{n}@example.com",
             "AuditEnabled": True} for n in range(100)
        ],
        "Get-User": [
            {"Name": f"u{n}", "SamAccountName": f"u{n}", "RemotePowerShellEnabled": True}
            for n in range(300)
        ],
    }  # fmt: skip


def _server(server: str, chance: random.Random) -> dict[str, object]:
    """Cmdlets whose answers are of this server."""
    directories = {
        f"Get-{name}VirtualDirectory": {
            "Server": server, "Name": f"{name} (Default Web Site)",
            "InternalUrl": f"https://mail.contoso.example/{name}", "BasicAuthentication": True,
            "ExtendedProtectionTokenChecking": chance.choice(("None", "Require", "Allow")),
        }
        for name in _DIRECTORIES
    }  # fmt: skip
    return {
        **directories,
        "Get-ExchangeServer": {
            "Name": server.partition(".")[0], "Fqdn": server, "ServerRole": "Mailbox",
            "AdminDisplayVersion": "Version 15.2 (Build 1748.10)", "Edition": "Enterprise",
            "MitigationsEnabled": True, "MitigationsApplied": ["M1"], "MitigationsBlocked": [],
        },
        "Get-ExchangeCertificate": [
            {"Thumbprint": f"{n:040X}", "Services": "SMTP, IIS", "NotAfter": "2029-01-01T00:00:00Z",
             "Status": "Valid", "PublicKeySize": 2048} for n in range(5)
        ],
        "Get-ReceiveConnector": [
            {"Identity": f"EX\\Connector {n}", "Server": server, "Bindings": ["[::]:25"],
             "RemoteIPRanges": [f"10.{n}.{k}.0/24" for k in range(40)], "AuthMechanism": "Tls",
             "PermissionGroups": chance.choice(("AnonymousUsers", "ExchangeServers")),
             "ProtocolLoggingLevel": "Verbose", "AnonymousRelay": False, "Enabled": True}
            for n in range(12)
        ],
        "Get-TransportAgent": [
            {"Identity": f"Agent {n}", "Enabled": True, "Priority": n,
             "AssemblyPath": f"{_EXCHANGE}\\TransportRoles\\agents\\a{n}.dll"} for n in range(12)
        ],
    }  # fmt: skip


def _application_host(chance: random.Random) -> bytes:
    """1,600 elements."""
    modules = "".join(
        f'<add name="Module{n}" image="%windir%\\System32\\inetsrv\\module{n}.dll" />\n'
        for n in range(60)
    )
    pools = "".join(f'<add name="Pool{n}" autoStart="true" />\n' for n in range(40))
    sites = "".join(
        f'<site name="{site}" id="{number}" serverAutoStart="true">\n'
        + "".join(
            f'<application path="/{path}" applicationPool="Pool{number}">'
            f'<virtualDirectory path="/" physicalPath="{_EXCHANGE}\\{path}" /></application>\n'
            for path in _PATHS
        )
        + "</site>\n"
        for number, site in enumerate(_SITES, 1)
    )
    locations = "".join(_location(f"{site}/{path}", chance) for site in _SITES for path in _PATHS)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n<system.applicationHost>'
        f"<applicationPools>{pools}</applicationPools>\n<sites>{sites}</sites>\n"
        f"</system.applicationHost>\n<system.webServer><globalModules>{modules}</globalModules>"
        f"</system.webServer>\n{locations}</configuration>\n"
    ).encode()


def _location(place: str, chance: random.Random) -> str:
    checking = chance.choice(("None", "Allow", "Require"))
    handlers = "".join(
        f'<add name="Handler{n}" path="*.h{n}" verb="*" type="System.Web.Handler{n}" />\n'
        for n in range(46)
    )
    return (
        f'<location path="{place}">\n<system.webServer><security><access sslFlags="Ssl" />'
        '<authentication><anonymousAuthentication enabled="false" />'
        f'<windowsAuthentication enabled="true"><extendedProtection tokenChecking="{checking}" />'
        "</windowsAuthentication></authentication></security>"
        f"<handlers>{handlers}</handlers></system.webServer>\n</location>\n"
    )


def _web(path: str, build: str) -> bytes:
    """310 elements, half of which say where assemblies are."""
    settings = "".join(f'<add key="{path}{n}" value="{build}" />\n' for n in range(100))
    handlers = "".join(
        f'<add name="H{n}" path="*.x{n}" verb="GET,POST" type="Exchange.H{n}" />\n'
        for n in range(50)
    )
    bindings = "".join(
        f'<dependentAssembly><assemblyIdentity name="Exchange.A{n}" culture="neutral" />'
        f'<codeBase version="15.0.0.0" href="file:///{_EXCHANGE}/bin/A{n}.dll" />'
        "</dependentAssembly>\n"
        for n in range(80)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<configuration>\n'
        f"<appSettings>{settings}</appSettings>\n<system.webServer><handlers>{handlers}</handlers>"
        '</system.webServer>\n<runtime><assemblyBinding xmlns="urn:schemas-microsoft-com:asm.v1">'
        f"{bindings}</assemblyBinding></runtime>\n</configuration>\n"
    ).encode()
