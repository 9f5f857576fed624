"""A result in which every text is hostile, and what such a text becomes when it was written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import msgspec

from exward.model.acceptance import Acceptance, Standing
from exward.model.coverage import Gap, RuleCoverage, SourceCoverage, StageCoverage
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.incident import Incident, Process, ServerVerdict, Step, Verdict
from exward.model.outcome import Outcome, Status
from exward.model.posture import Precision, ServerPosture, Support, Update
from exward.model.result import Run, ScanResult
from exward.model.service_account import Seen, ServiceAccount
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.stage import Stage

TEXT = (
    "=cmd|' /C calc'!A0 \x00\x07\x1b[2J\x1b]0;x\x07 \x7f\x9b2J \"quote\" 'single' \\ back\\slash "
    "line\r\nfeed\ttab \u2028\u2029\u202egnp.exe \ufeff \ud800 lone \udc80 low <script>{{7*7}}"
    "\U000e0001"
)
"""Control characters, quotes, line ends, a formula, surrogates, bidirectional overrides."""

TIMES = (0, None, -1, -(2**62), 2**62, 1_767_579_249_123_456)
"""Zero is real; forged times lie far outside of the calendar."""


def hostile_result() -> ScanResult:
    """One of everything, every text hostile; findings for every time, stage and severity."""
    findings = tuple(
        Finding(
            id=f"{TEXT}{number}", detector=TEXT, rule=TEXT, title=TEXT,
            severity=tuple(Severity)[number % 5], confidence=tuple(Confidence)[number % 3],
            stage=stage, techniques=(TEXT, "T1505.003", "T1190\n", "T99999", "t1190", ""),
            server=TEXT, account=TEXT, source_ip=TEXT, first=TIMES[number % 6],
            last=TIMES[-number % 6], count=number, grade=tuple(Grade)[number % 3],
            evidence=(Evidence(TEXT, 0, TIMES[number % 6], {TEXT: TEXT, "": "", "time": "no"}),),
            why=TEXT, advice=TEXT, references=(TEXT,), accepted=TEXT if number % 2 else "",
            explained=TEXT,
        )
        for number, stage in enumerate(Stage)
    )  # fmt: skip
    step = Step(Stage.IMPACT, (TEXT,), None, 0, TEXT, (TEXT,))
    process = Process(TEXT, TEXT, TEXT, -1, TEXT, TEXT, TEXT, TEXT, 0, (TEXT, f"{TEXT}0"))
    acceptance = Acceptance(TEXT, TEXT, TEXT, TEXT, TEXT, Standing.EXPIRED, 0, TEXT)
    posture = ServerPosture(
        TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, Precision.UNKNOWN, False, Support.UNKNOWN, TEXT,
        None, (Update(TEXT, TEXT, TEXT, TEXT),), (TEXT,), TEXT,
    )  # fmt: skip
    account = ServiceAccount(
        TEXT, TEXT, (TEXT,), 0, 2**62, 1, True, TEXT, TEXT, (TEXT,), (TEXT,), (100,) * 168, 1,
        (TEXT,), (Seen(TEXT, TEXT, 0, 2**62, 100),), (TEXT,),
    )  # fmt: skip
    return ScanResult(
        run=Run(TEXT, 0, 1, (TEXT,), 0, 0, 0, 0, 0, 0, True, {TEXT: TEXT}),
        verdicts=(ServerVerdict(TEXT, Verdict.CANNOT_TELL, TEXT, TEXT, (TEXT,)),),
        incidents=(
            Incident(
                TEXT,
                TEXT,
                (TEXT,),
                Severity.LOW,
                0,
                None,
                (step,),
                (TEXT,),
                (TEXT,),
                (TEXT,),
                (process,),
            ),
        ),
        findings=findings,
        outcomes=(Outcome(TEXT, TEXT, Status.UNKNOWN, Severity.LOW, TEXT, TEXT, TEXT, (TEXT,)),),
        coverage=(SourceCoverage(TEXT, TEXT, TEXT, TEXT, 0, 0, 0, 0, None, (Gap(0, 1),)),),
        rules=(RuleCoverage(TEXT, TEXT, False, TEXT, False, TEXT),),
        skipped=(Skipped(TEXT, 0, TEXT, 0), Skipped(TEXT, None, TEXT)),
        acceptances=(acceptance,),
        postures=(posture,),
        accounts=(account,),
        stages=(StageCoverage(TEXT, Stage.IMPACT, 0, 1),),
    )


def as_written(value):
    """The value with lone surrogates as the visible escapes that JSON outputs write for them."""
    if isinstance(value, str):
        text = value.encode("utf-8", "backslashreplace").decode()
        return type(value)(text) if type(value) is not str else text
    if isinstance(value, tuple):
        return tuple(as_written(item) for item in value)
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: as_written(getattr(value, name))
                                                 for name in value.__struct_fields__})  # fmt: skip
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: as_written(getattr(value, one.name))
                                 for one in fields(value)})  # fmt: skip
    if isinstance(value, dict):
        return {as_written(key): as_written(item) for key, item in value.items()}
    return value
