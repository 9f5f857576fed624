"""A made-up scan result that holds everything a renderer can meet, hostile values included.

`sample_result()` is small and reads like a real case; `large_result(n)` has `n` findings on
many servers; `empty_result()` has nothing. All are the same on every call.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from exward.model.acceptance import Acceptance, Standing
from exward.model.coverage import Gap, RuleCoverage, SourceCoverage, StageCoverage, WebFileCoverage
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.incident import Incident, Process, ServerVerdict, Step, Verdict
from exward.model.outcome import Outcome, Status
from exward.model.result import Run, ScanResult
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.stage import CHAIN, Stage

SECOND = 1_000_000
DAY = 86_400 * SECOND
START = 1_767_579_249 * SECOND
"""2026-01-05 02:14:09Z in µs since 1970-01-01 UTC: the first act of the sample intrusion."""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(document.domain)>',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "</script><script>globalThis.pwned=1</script>",
    "<!--<script>",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\x9b31mC1 \x85 \x7f",
    "invoice\u202efdp.exe\u2066\u2069\u200b\u200d\ufeff",
    "A" * 10_000,
    "\U0001f480 \U00020000 e\u0301 \u0627\u0644\u0639",
    "javascript:alert(1)",
    "[bold red]markup[/] [link=file:///etc/passwd]x[/link]",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "line one\r\nline two\tand\x00nul",
    "lone \udc80 surrogate \ud800",
    "\u2028\u2029 & &amp; ' \" ` \\",
)
"""Values that attackers may put into evidence; each stands in at least one finding."""

IIS = "case.zip!C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log"
SECURITY = "case.zip!C/Windows/System32/winevt/Logs/Security.evtx"
POWERSHELL = "case.zip!C/Windows/System32/winevt/Logs/Windows PowerShell.evtx"

CASE = (
    # server, offset in s, severity, stage, grade, technique, account, address, file, rule, title,
    # why, advice
    ("EX01", 0, "high", "initial-access", "attempt", "T1190", "", "203.0.113.77", IIS,
     "proxyshell-autodiscover", "ProxyShell path confusion request",
     "POST /autodiscover/autodiscover.json?@evil.example/owa/ answered 404",
     "Check that the July 2021 security update or later is installed."),
    ("EX01", 41, "critical", "initial-access", "success", "T1190", "", "203.0.113.77", IIS,
     "proxyshell-powershell", "ProxyShell reached the PowerShell back end",
     "POST /autodiscover/autodiscover.json with /powershell/ in the query answered 200",
     "Isolate the server; keep memory and disk images before anything is cleaned."),
    ("EX01", 63, "critical", "web-shell", "success", "T1505.003", "EX01$", "203.0.113.77", IIS,
     "webshell-aspnet-client", "Web shell called in aspnet_client",
     "POST /aspnet_client/discover.aspx answered 200 for one address only",
     "Do not delete discover.aspx yet: copy it, note its times, then quarantine it."),
    ("EX01", 187, "high", "exploration", "success", "T1033", "SYSTEM", "", SECURITY,
     "w3wp-shell-child", "IIS worker process started a command shell",
     "w3wp.exe started cmd.exe /c whoami & ipconfig /all",
     "Treat every command after this time as the attacker's."),
    ("EX01", 320, "medium", "enumeration", "success", "T1087.002", "SYSTEM", "", POWERSHELL,
     "get-mailbox-enumeration", "Mailboxes listed from the command line",
     "Get-Mailbox -ResultSize Unlimited ran as SYSTEM", ""),
    ("EX01", 655, "high", "account", "success", "T1136.002", "CORP\\svc-helpdesk", "", SECURITY,
     "account-added-to-exchange-group", "Account added to Organization Management",
     "svc-helpdesk was added to Organization Management by EX01$",
     "Remove the account from the group and disable it."),
    ("EX01", 702, "high", "defence-evasion", "attempt", "T1562.001", "SYSTEM", "", POWERSHELL,
     "defender-exclusion", "Microsoft Defender exclusion added",
     "Set-MpPreference -ExclusionPath C:\\inetpub was refused", "Remove the exclusion."),
    ("EX01", 1310, "critical", "credential-access", "success", "T1003.001", "SYSTEM", "", SECURITY,
     "lsass-dump", "Memory of LSASS dumped",
     "rundll32.exe called comsvcs.dll MiniDump on process 712",
     "Reset every account that logged on here, service accounts first, and krbtgt twice."),
    ("EX01", 4020, "critical", "collection-exfiltration", "success", "T1114.002",
     "CORP\\svc-helpdesk", "203.0.113.77", IIS, "mailbox-export", "Mailbox exported to a web path",
     "New-MailboxExportRequest wrote to \\\\127.0.0.1\\c$\\inetpub\\wwwroot\\aspnet_client\\x.aspx",
     "Name the mailbox owners to your data protection officer."),
    ("EX01", 7300, "high", "persistence", "success", "T1053.005", "SYSTEM", "", SECURITY,
     "scheduled-task-system", "Scheduled task runs as SYSTEM from ProgramData",
     "Task \\Microsoft\\Windows\\Sync runs C:\\ProgramData\\s.exe", "Delete the task."),
    ("EX02", 5, "medium", "initial-access", "attempt", "T1190", "", "203.0.113.77", IIS,
     "proxyshell-autodiscover", "ProxyShell path confusion request",
     "14 requests to /autodiscover/autodiscover.json answered 403 or 404", ""),
    ("EX03", 86_400, "high", "exposure", "state", "", "", "", SECURITY,
     "smb1-enabled", "SMB version 1 is switched on", "SMB1 is 1 in the registry",
     "Set-SmbServerConfiguration -EnableSMB1Protocol $false"),
)  # fmt: skip


def _id(*parts: object) -> str:
    return sha256("\0".join(map(ascii, parts)).encode()).hexdigest()[:32]


Row = tuple[str, int, str, str, str, str, str, str, str, str, str, str, str]


def _finding(row: Row) -> Finding:
    server, offset, severity, stage, grade, technique, account, address = row[:8]
    file, rule, title, why, advice = row[8:]
    first = START + offset * SECOND
    fields = {"Computer": server, "cs-uri-stem": "/aspnet_client/discover.aspx", "sc-status": "200"}
    if account:
        fields["SubjectUserName"] = account
    count = 1 + offset % 17
    places = tuple(
        Evidence(file, offset + step, first + step * SECOND, fields if step < 3 else {})
        for step in range(min(count, 5))
    )
    return Finding(
        id=_id(server, rule), detector="sigma", rule=rule, title=title,
        severity=Severity(severity), confidence=Confidence.HIGH, stage=Stage(stage),
        techniques=(technique,) if technique else (), server=server, account=account,
        source_ip=address, first=first, last=first + (count - 1) * SECOND, count=count,
        grade=Grade(grade), evidence=places, why=why, advice=advice,
        references=("https://attack.mitre.org/techniques/T1190/", "javascript:alert(1)"),
    )  # fmt: skip


def hostile_findings() -> tuple[Finding, ...]:
    """One finding per hostile value, with that value in every field that evidence can fill."""
    return tuple(
        Finding(
            id=_id("hostile", number), detector="sigma", rule=f"hostile-{number:02}",
            title=f"Hostile {value}", severity=tuple(Severity)[number % 5],
            confidence=tuple(Confidence)[number % 3], stage=tuple(Stage)[number % 15],
            techniques=("T1190", value), server="EX02", account=value, source_ip=value,
            first=None if number == 0 else START + number * 3600 * SECOND, last=None,
            count=1, grade=tuple(Grade)[number % 3],
            evidence=(Evidence(value, 0, None, {"CommandLine": value, value: "as a name"}),),
            why=f"CommandLine was {value}", advice=value, references=(value, "http://x/" + value),
        )
        for number, value in enumerate(HOSTILE)
    )  # fmt: skip


def _incident(server: str, findings: tuple[Finding, ...], title: str) -> Incident:
    mine = [f for f in findings if f.server == server and f.stage in CHAIN and f.first is not None]
    steps: list[Step] = []
    for stage in CHAIN:
        seen = [f for f in mine if f.stage == stage]
        if seen:
            times = [f.first for f in seen if f.first is not None]
            ids = tuple(f.id for f in seen)
            ties = ("source_ip=203.0.113.77", f"path={HOSTILE[0]}") if steps else ()
            steps.append(Step(stage, ids, min(times), max(times), seen[0].why, ties))
    starts = [step.first for step in steps if step.first is not None]
    ends = [step.last for step in steps if step.last is not None]
    return Incident(
        id=_id("incident", server), title=title, servers=(server,),
        severity=max((f.severity for f in mine), key=lambda severity: severity.rank),
        first=min(starts), last=max(ends), steps=tuple(steps),
        joined_by=("source_ip=203.0.113.77", f"server={server}", f"path={HOSTILE[0]}"),
        accounts=tuple(sorted({f.account for f in mine if f.account})),
        source_ips=tuple(sorted({f.source_ip for f in mine if f.source_ip})),
        processes=_processes(server, findings),
    )  # fmt: skip


def _processes(server: str, findings: tuple[Finding, ...]) -> tuple[Process, ...]:
    """A worker process, a shell below it with hostile values, and one of a circle of parents."""
    about = tuple(f.id for f in findings if f.server == server and f.stage is Stage.EXPLORATION)
    pool = "MSExchangeOWAAppPool"
    return (
        Process("p1", "", server, START, r"c:\windows\system32\inetsrv\w3wp.exe",
                f'w3wp.exe -ap "{pool}"', r"NT AUTHORITY\SYSTEM", pool, 4312),
        Process("p2", "p1", server, START + SECOND, r"C:\Windows\System32\cmd.exe",
                f"cmd /c whoami & echo {HOSTILE[0]}", HOSTILE[1], "", 0, about),
        Process("p3", "p2", server, None, HOSTILE[3], HOSTILE[8], "", HOSTILE[5], None),
        Process("p4", "p5", server, START, "a.exe", "", "", "", 7),
        Process("p5", "p4", server, START, "b.exe", "", "", "", 8),
    )  # fmt: skip


ACCEPTANCES = (
    Acceptance("e1", "rule smb1 with server EX03", "replaced in May", "j.doe", "2026-05-31",
               Standing.USED, 1, "risks.yml:1"),
    Acceptance(HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], "2025-01-01", Standing.EXPIRED, 2,
               HOSTILE[4]),
    Acceptance("e3", "rule old", "gone", "j.doe", "", Standing.UNUSED, 0),
)  # fmt: skip


def _verdicts(findings: tuple[Finding, ...]) -> tuple[ServerVerdict, ...]:
    proof = {f.rule: f.id for f in findings}
    return (
        ServerVerdict(
            "EX01", Verdict.COMPROMISED,
            "A web shell answered 200 to 203.0.113.77 41 s after a ProxyShell request succeeded.",
            "Proof that discover.aspx is your own page and that the LSASS dump was a planned test.",
            (proof["webshell-aspnet-client"], proof["lsass-dump"]),
        ),
        ServerVerdict(
            "EX02", Verdict.ATTEMPTED,
            "14 ProxyShell requests from 203.0.113.77, all of them refused.",
            "A request of 203.0.113.77 answered with 200, or a new .aspx file in a web folder.",
        ),
        ServerVerdict(
            "EX03", Verdict.EXPOSED, "SMB version 1 is switched on.",
            "SMB version 1 switched off and the check run again.",
        ),
        ServerVerdict(
            "EX04", Verdict.CLEAN,
            "31 days of IIS and Security logs, no finding of medium or above.",
            "Any finding on an older log; the logs here begin 2025-12-05.",
        ),
        ServerVerdict(
            "DC01", Verdict.CANNOT_TELL, "The Security log covers 40 minutes only.",
            "A longer Security log, or the forwarded events of the collector.",
        ),
        ServerVerdict("EX<script>alert(1)</script>", Verdict.CANNOT_TELL, HOSTILE[5], HOSTILE[7]),
    )  # fmt: skip


COVERAGE = (
    SourceCoverage(
        IIS, "iis-w3c", "iis", "EX01", 812_344, 3, 214_000_000, START - 12 * DAY, START + DAY,
        (Gap(START - 6 * DAY, START - 4 * DAY),),
    ),
    SourceCoverage(
        SECURITY, "evtx", "Security", "EX01", 104_000, 1, 128_000_000, START - 2 * DAY, START + DAY,
        (Gap(START + 800 * SECOND, START + 1200 * SECOND),),
    ),
    SourceCoverage(
        POWERSHELL, "evtx", "Windows PowerShell", "EX01", 0, 0, 69_632, None, None,
    ),
    SourceCoverage(
        "ex02/u_ex260105.log", "iis-w3c", "iis", "EX02", 99_120, 0, 25_000_000,
        START - 3 * DAY, START + 2 * DAY,
    ),
    SourceCoverage(
        HOSTILE[1], "evtx", HOSTILE[0], "EX<script>alert(1)</script>", 1, 0, 1, START, START,
    ),
)  # fmt: skip

RULES = (
    RuleCoverage("proxyshell-autodiscover", "ProxyShell path confusion request", True, ""),
    RuleCoverage("lsass-dump", "Memory of LSASS dumped", True, ""),
    *(
        RuleCoverage(
            f"sysmon-{number:03}", f"Sysmon rule {number}", False,
            "no record of Microsoft-Windows-Sysmon/Operational 1",
        )
        for number in range(40)
    ),
    RuleCoverage("broken", HOSTILE[0], False, "line 7: bad condition {{7*7}}", False, "x/y.yml"),
)  # fmt: skip

WEB_FILES = (
    WebFileCoverage("", "", "", 0, 0, 0, 1, 40),
    WebFileCoverage("case.zip!c/exchange server/v15/", "15.2.858.5", "folders", 1012, 3, 2, 1, 7),
    WebFileCoverage(HOSTILE[0], HOSTILE[1], HOSTILE[5], 1, 0, 0, 0, 0),
)

STAGES = (
    StageCoverage("EX01", Stage.INITIAL_ACCESS, 40, 57),
    StageCoverage(HOSTILE[0], Stage.WEB_SHELL, 0, 24),
)

SKIPPED = (
    Skipped(IIS, 4711, "9 values for 14 columns", 3),
    Skipped("case.zip!C/locked.evtx", None, "the archive member is encrypted", 0),
    Skipped(SECURITY, 65_536, "chunk checksum does not match", 1),
    Skipped(HOSTILE[6], 0, HOSTILE[5], 2),
    Skipped("other.log", 0, "9 values for 14 columns", 1),
)

OUTCOMES = (
    Outcome(
        "smb1", "SMB version 1 is off", Status.FAIL, Severity.HIGH, "EX03",
        "SMB1 is 1 in the registry.", "Set-SmbServerConfiguration -EnableSMB1Protocol $false",
        ("https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/",),
    ),
    Outcome(
        "build", "Build has the newest security update", Status.UNKNOWN, Severity.CRITICAL, "EX01",
        "The evidence does not name the build.", HOSTILE[3], (HOSTILE[10],),
    ),
    Outcome("tls", "TLS 1.2 is on", Status.PASS, Severity.MEDIUM, "EX03", "Enabled is 1."),
)  # fmt: skip

RUN = Run(
    version="0.1.0", started=START + 3 * DAY, finished=START + 3 * DAY + 93 * SECOND,
    paths=("case.zip", "ex02", HOSTILE[0]), rules_loaded=2301, rules_unusable=1, files=14,
    files_not_evidence=3, records=1_015_464, size_bytes=367_069_632,
    settings={"level": "low", "jobs": "2", HOSTILE[1]: HOSTILE[5]},
)  # fmt: skip


def _sort_key(finding: Finding) -> tuple[bool, int, str, str, str]:
    first = finding.first
    return (first is None, 0 if first is None else first, finding.server, finding.rule, finding.id)


def sample_result() -> ScanResult:
    """Six servers with all five verdicts, two incidents, every stage, hostile values everywhere."""
    findings = tuple(sorted((*map(_finding, CASE), *hostile_findings()), key=_sort_key))
    incidents = (
        _incident("EX01", findings, "ProxyShell to mailbox export"),
        _incident("EX02", findings, f"Attempts on EX02 {HOSTILE[0]}"),
    )
    return ScanResult(
        RUN,
        _verdicts(findings),
        incidents,
        findings,
        OUTCOMES,
        COVERAGE,
        RULES,
        SKIPPED,
        ACCEPTANCES,
        WEB_FILES,
        stages=STAGES,
    )


def clean_case() -> ScanResult:
    """The same intrusion without the hostile values, as a reader would meet it."""
    findings = tuple(sorted(map(_finding, CASE), key=_sort_key))
    story = replace(
        _incident("EX01", findings, "ProxyShell to mailbox export"),
        joined_by=("source_ip=203.0.113.77", "path=/aspnet_client/discover.aspx"),
    )
    run = replace(RUN, paths=("case.zip", "ex02"), settings={"level": "low", "jobs": "2"})
    return ScanResult(
        run, _verdicts(findings)[:5], (story,), findings, OUTCOMES[::2], COVERAGE[:4], RULES[:-1],
        SKIPPED[:3],
    )  # fmt: skip


def large_result(findings: int = 10_000, servers: int = 300) -> ScanResult:
    """`findings` findings spread over `servers` servers, 30 days and all kinds."""
    plain = [_finding(row) for row in CASE]
    many = tuple(
        replace(
            plain[number % len(plain)],
            id=_id("large", number),
            server=f"EX{number % servers:03}",
            severity=tuple(Severity)[number * 7 % 5],
            first=START + number * 259 * SECOND,
            last=START + number * 259 * SECOND,
        )
        for number in range(findings)
    )
    words = tuple(Verdict)
    verdicts = tuple(
        ServerVerdict(f"EX{number:03}", words[number * 5 // servers], "Because.", "Would change.")
        for number in range(servers)
    )
    return replace(sample_result(), findings=many, verdicts=verdicts, incidents=())


def empty_result() -> ScanResult:
    """A run that was interrupted before anything was read."""
    run = replace(RUN, paths=(), files=0, files_not_evidence=0, records=0, size_bytes=0)
    return ScanResult(replace(run, interrupted=True), (), (), (), (), (), (), ())
