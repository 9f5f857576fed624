"""The summary on the terminal: at most `MAX_LINES` lines, the verdict last, next to the prompt.

Read at 2 a.m. by one person: findings and story scroll by, the verdict and the next command stay
where the eye is. Colour only repeats what a word and a sign say already. Every line is cut to
the width of the console, so that the number of lines is known before anything is printed; only
the last one, the next command, is left whole.
"""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from exward.model.acceptance import Standing
from exward.model.coverage import stages_seen
from exward.model.finding import Grade
from exward.model.incident import Verdict
from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.reports.order import ATTENTION, rank_findings, rank_incidents, rank_verdicts
from exward.reports.posture_table import print_posture
from exward.reports.verb_tables import PRINTERS
from exward.reports.visible import (
    DASH,
    TIMES,
    cut,
    duration,
    size_text,
    utc_span,
    utc_time,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exward.model.coverage import SourceCoverage
    from exward.model.finding import Finding
    from exward.model.incident import Incident, ServerVerdict, Step
    from exward.model.result import ScanResult

NAME = "table"
TITLE = "Summary for the terminal"
EXTENSION = "txt"

MAX_LINES = 40
PLAIN_WIDTH = 100
"""Columns of the text that `render` yields, where there is no terminal to ask."""

MAX_SERVERS = 3
MIN_FINDINGS, MAX_FINDINGS = 2, 5
MAX_INCIDENTS = 3
MAX_VALUE = 500
ALL = "see --report FILE.html"

Lines = list[Text]

_SIGNS = {
    Verdict.COMPROMISED: ("✖", "X", "bold red"),
    Verdict.ATTEMPTED: ("▲", "!", "bold yellow"),
    Verdict.EXPOSED: ("◆", "~", "bold magenta"),
    Verdict.CANNOT_TELL: ("?", "?", "bold cyan"),
    Verdict.CLEAN: ("✔", "+", "bold green"),
}
_GRADES = {Grade.SUCCESS: ("●", "*"), Grade.ATTEMPT: ("◇", "o"), Grade.STATE: ("▪", "-")}
_LEVELS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFORMATIONAL: "dim",
}
_NEXT = {
    Verdict.COMPROMISED: "Cut the server off the network, leave it running, keep what you have.",
    Verdict.ATTEMPTED: "Check the patch level; scan the days since the first attempt as well.",
    Verdict.EXPOSED: "Close what is open, then scan again.",
    Verdict.CANNOT_TELL: "Collect the logs that are missing and scan again.",
    Verdict.CLEAN: "Nothing to do for the time that these logs cover.",
}
_SAFE_PATH = re.compile(r"[\w./\\: ~+,=@-]+", re.ASCII)


def render(result: ScanResult) -> Iterator[str]:
    """Yield the summary as plain text, line by line."""
    out = StringIO()
    print_summary(result, Console(file=out, width=PLAIN_WIDTH, no_color=True))
    yield from out.getvalue().splitlines(keepends=True)


def print_summary(result: ScanResult, console: Console, *, report: str = "") -> None:
    """Print the summary; `report` is the file of the full report if one was written."""
    if result.postures and not result.coverage:
        print_posture(result, console)
        return
    if (printer := PRINTERS.get(result.run.settings.get("verb", ""))) is not None:
        printer(result, console)
        return
    *lines, command = _fit(result, console.width, report)
    for line in (*lines, command):
        # A narrow code page (a Windows pipe) gets `\\u25cf` and the like, not an exception.
        text = line if console.encoding.startswith("utf") else _encodable(line, console.encoding)
        if line is not command:  # a command that is cut cannot be pasted: the terminal folds it
            text.truncate(console.width, overflow="ellipsis" if text is line else "crop")
        text.rstrip()
        console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)


def _encodable(line: Text, encoding: str) -> Text:
    plain = line.plain
    for sign, substitute, *_ in (*_SIGNS.values(), *_GRADES.values()):
        plain = plain.replace(sign, substitute)
    for sign, substitute in ((DASH, "-"), ("·", "|"), ("…", "..."), (TIMES, "x")):
        plain = plain.replace(sign, substitute)
    return Text(plain.encode(encoding, "backslashreplace").decode(encoding))


def _fit(result: ScanResult, width: int, report: str) -> Lines:
    """Put the parts together: the story first takes the lines it needs, then the findings."""
    middle = [*_coverage_lines(result), *_skipped_lines(result), *_accepted_lines(result)]
    open_findings = [finding for finding in result.findings if not finding.accepted]
    fewest = _finding_lines(open_findings, width, MIN_FINDINGS)
    whole = _story_lines(result.incidents, result.findings, MAX_LINES)
    for full in (MAX_SERVERS, 1):
        end = _verdict_lines(result.verdicts, width, full)
        end += _next_lines(result, width, report)
        room = MAX_LINES - len(end) - len(middle) - 3
        if room >= len(whole) + len(fewest):
            break
    story = _story_lines(result.incidents, result.findings, room - len(fewest))
    most = max(MIN_FINDINGS, min(MAX_FINDINGS, (room - len(story) - 2) // 2))
    found = _finding_lines(open_findings, width, most)
    blocks = [block for block in (story, found, middle, end) if block]
    return [line for block in blocks for line in (*block, Text())][:-1]


def _say(value: str) -> str:
    return cut(visible(value), MAX_VALUE)


def _line(*parts: str | tuple[str, str]) -> Text:
    return Text.assemble(*parts, end="\n", no_wrap=True)


def _folded(label: str, value: str, width: int) -> Lines:
    """One value on at most two lines, the second one indented under the first."""
    room = max(width - cell_len(label), 10)
    words = Text(_say(value)).wrap(Console(file=StringIO(), width=room), room)
    first = words[0].plain if words else ""
    lines = [_line((label, "dim"), first.rstrip())]
    if len(words) > 1:
        rest = " ".join(part.plain.strip() for part in words[1:])
        lines.append(_line(" " * cell_len(label), rest))
    return lines


def _verdict_lines(verdicts: Sequence[ServerVerdict], width: int, full: int) -> Lines:
    """Verdict of the first servers; the first `full` of them with what would change it."""
    if not verdicts:
        return [_line(("Verdict  ", "bold"), "none: no server could be told from this evidence")]
    ranked = rank_verdicts(verdicts)
    lines = [_line(("Verdict", "bold"))] if len(ranked) > 1 else []
    shown = 0
    for one in ranked[:MAX_SERVERS]:
        if shown and one.verdict is Verdict.CLEAN:
            break
        lines += _verdict(one, width, full=shown < full)
        shown += 1
    rest = Counter(one.verdict for one in ranked[shown:])
    if rest:
        text = ", ".join(f"{_SIGNS[word][0]} {rest[word]:,} {_word(word)}" for word in rest)
        lines.append(_line(f"  … and {len(ranked) - shown:,} more: ", text, f" ({ALL})"))
    return lines


def _verdict(one: ServerVerdict, width: int, *, full: bool) -> Lines:
    sign, _, style = _SIGNS[one.verdict]
    head = _line((f"  {sign} {_word(one.verdict).upper():<11}", style), "  ",
                 (_server(one.server), "bold"))  # fmt: skip
    if not full:
        return [head.append(f"  {_say(one.because)}")]
    changes = _folded("      would change  ", one.would_change, width) if one.would_change else []
    return [head, *_folded("      because       ", one.because, width), *changes]


def _word(verdict: Verdict) -> str:
    return verdict.replace("-", " ")


def _server(name: str) -> str:
    return _say(name) or "(server not named)"


def _next_lines(result: ScanResult, width: int, report: str) -> Lines:
    worst = min((one.verdict for one in result.verdicts), key=ATTENTION.index, default=None)
    lines: Lines = []
    if result.run.interrupted:
        lines.append(_line(("Interrupted: ", "bold yellow"), "not all of the evidence was read."))
    advice = _first_advice(result) if worst is Verdict.COMPROMISED else ""
    for label, text in (("Do now  ", _NEXT[worst] if worst else ""), ("        ", advice)):
        lines += _folded(label, text, width) if text else []
    scan = f"exward scan {_paths(result)} --report report.html"
    return [*lines, _line(("Next    ", "bold"), f"open {_say(report)}" if report else scan)]


def _first_advice(result: ScanResult) -> str:
    """Advice of the finding that decides a compromised server's verdict, else of the worst."""
    deciding = {
        name: place
        for verdict in reversed(result.verdicts)
        if verdict.verdict is Verdict.COMPROMISED
        for place, name in enumerate(verdict.findings)
    }
    ranked = rank_findings(one for one in result.findings if not one.accepted)
    known = [finding for finding in ranked if finding.advice]
    first = min(known, key=lambda one: deciding.get(one.id, len(deciding)), default=None)
    return first.advice if first else ""


def _paths(result: ScanResult) -> str:
    """Give the paths as they can be pasted into any shell, or a placeholder."""
    paths = result.run.paths
    if not 0 < len(paths) <= 3 or not all(map(_SAFE_PATH.fullmatch, paths)):
        return "PATH..."
    return " ".join(f'"{path}"' if " " in path else path for path in paths)


def _finding_lines(findings: Sequence[Finding], width: int, most: int) -> Lines:
    if not findings:
        return [_line(("Findings  ", "bold"), "none")]
    counts = Counter(finding.severity for finding in findings)
    levels = ", ".join(f"{counts[s]:,} {s}" for s in reversed(Severity) if counts[s])
    lines = [_line(("Findings  ", "bold"), f"{len(findings):,}: {levels}")]
    for finding in rank_findings(findings)[:most]:
        lines += _finding(finding, width)
    rest = len(findings) - most
    return [*lines, _line(f"  … and {rest:,} more: {ALL}")] if rest > 0 else lines


def _finding(finding: Finding, width: int) -> Lines:
    times = f"  {TIMES}{finding.count:,}" if finding.count > 1 else ""
    head = _line(
        (f"  {finding.severity.upper():<9.9} ", _LEVELS[finding.severity]),
        f"{utc_time(finding.first)}  ",
        (_server(finding.server), "bold"),
        f"  {_say(finding.title)}{times}",
    )
    place = finding.evidence[0] if finding.evidence else None
    proof = f"{_tail(place.file)}:{place.position}" if place is not None else "no place named"
    why = Text(f"            {_say(finding.why)}", style="dim")
    # The proof is what a second person needs: the reason gives way to it, not the reverse.
    why.truncate(max(width - cell_len(proof) - 3, 24), overflow="ellipsis")
    return [head, Text.assemble(why, (f"  {proof}", "dim"), no_wrap=True)]


def _tail(path: str) -> str:
    """File name with its archive or folder, short enough for half a line."""
    shown = visible(path).replace("\\", "/").rsplit("/", 1)[-1]
    return shown if len(shown) <= 40 else f"…{shown[-39:]}"


def _story_lines(incidents: Sequence[Incident], findings: Sequence[Finding], room: int) -> Lines:
    if not incidents:
        return []
    ranked = rank_incidents(incidents)
    others = ranked[1:MAX_INCIDENTS]
    rest = len(ranked) - 1 - len(others)
    steps = max(room - 2 - len(others) - (rest > 0), 2)
    grades = {finding.id: finding.grade for finding in findings}
    lines = [_incident(ranked[0]), *_steps(ranked[0], grades, steps)]
    if ranked[0].joined_by:
        lines.append(_line(("  joined by ", "dim"), ", ".join(map(_say, ranked[0].joined_by))))
    lines += map(_incident, others)
    return [*lines, _line(f"  … and {rest:,} more: {ALL}")] if rest > 0 else lines


def _incident(incident: Incident) -> Text:
    servers = ", ".join(map(_server, incident.servers[:3]))
    span = utc_span(incident.first, incident.last)
    title = _say(incident.title)
    return _line(("Story  ", "bold"), (servers, "bold"), f"  {span}  ", title)


def _steps(incident: Incident, grades: dict[str, Grade], room: int) -> Lines:
    shown = incident.steps if len(incident.steps) <= room else incident.steps[: room - 1]
    wide = max((len(step.stage.title) for step in shown), default=0)
    days = {utc_time(_when(step))[:10] for step in incident.steps}
    lines = [_step(step, grades, wide, dated=len(days) > 1) for step in shown]
    rest = [step.stage.title for step in incident.steps[len(shown) :]]
    return [*lines, _line(f"  … then {', '.join(rest)}")] if rest else lines


def _when(step: Step) -> int | None:
    """When that happened which the step's sentence names."""
    return step.first if step.time is None else step.time


def _step(step: Step, grades: dict[str, Grade], wide: int, *, dated: bool) -> Text:
    """One stage; the date stands in the incident's line if all of it was on one day."""
    seen = {grades.get(name) for name in step.findings}
    grade = next((one for one in (Grade.SUCCESS, Grade.ATTEMPT) if one in seen), Grade.STATE)
    word = "attempt: " if grade is Grade.ATTEMPT else ""
    style = "red" if grade is Grade.SUCCESS else "yellow"
    when = _when(step)
    time = utc_time(when) if dated or when is None else utc_time(when)[11:]
    stage = f"{step.stage.title:<{wide}}"
    return _line((f"  {_GRADES[grade][0]} ", style), f"{time}  ", (stage, "bold"),
                 f"  {word}{_say(step.summary)}")  # fmt: skip


def _coverage_lines(result: ScanResult) -> Lines:
    run, logs = result.run, result.coverage
    gaps = [gap for source in logs for gap in source.gaps]
    first = min((source.first for source in logs if source.first is not None), default=None)
    last = max((source.last for source in logs if source.last is not None), default=None)
    took = duration(run.finished - run.started)
    read = f"{run.records:,} records, {size_text(run.size_bytes)}, {run.files:,} files in {took}"
    span = utc_span(first, last) if logs else "no log was read"
    lines = [_line(("Coverage  ", "bold"), f"{span} · {read}")]
    names = _log_names(logs)
    if names:
        longest = max((gap.end - gap.start for gap in gaps), default=0)
        silent = f" · {len(gaps):,} gaps, longest {duration(longest)}" if gaps else " · no gap"
        lines.append(_line(f"  {names}{silent}"))
    known = result.run.settings
    told = [
        _line(f"  {name}: {_say(known[name])}") for name in ("mail", "accounts") if name in known
    ]
    return [*lines, *_blind_lines(result), *_web_lines(result), *told, *_check_lines(result)]


def _log_names(logs: Sequence[SourceCoverage]) -> str:
    records: Counter[str] = Counter()
    for source in logs:
        records[source.log] += source.records
    top = [f"{cut(visible(log), 40)} {count:,}" for log, count in records.most_common(4)]
    rest = len(records) - len(top)
    return ", ".join(top) + (f" and {rest:,} more logs" if rest > 0 else "")


def _blind_lines(result: ScanResult) -> Lines:
    blind = Counter(rule.reason for rule in result.rules if not rule.could_fire)
    if not blind:
        return []
    reason, count = min(blind.items(), key=lambda item: (-item[1], item[0]))
    all_of = f"{sum(blind.values()):,} of {len(result.rules):,} rules could not fire"
    lines = [_line(f"  {all_of}: {count:,} for {_say(reason)}")]
    unseen = [stage.title for stage, (able, _) in stages_seen(result.rules).items() if not able]
    if unseen:
        lines.append(_line(("  not to be seen in these logs: ", "bold"), ", ".join(unseen)))
    return lines


def _web_lines(result: ScanResult) -> Lines:
    """How many web files are as Exchange shipped them."""
    counts: Counter[str] = Counter()
    for row in result.web_files:
        counts.update(dict(row.standings))
    named = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    builds = sorted({row.build for row in result.web_files if row.build})
    if not named:
        return []
    of = f" · Exchange {', '.join(map(_say, builds[:2]))}" if builds else ""
    return [_line("  Web files: ", named, of, f" and {len(builds) - 2} more" if builds[2:] else "")]


def _check_lines(result: ScanResult) -> Lines:
    states = Counter(outcome.status for outcome in result.outcomes)
    if not states:
        return []
    return [_line("  Checks: ", ", ".join(f"{states[s]:,} {s}" for s in Status if states[s]))]


def _skipped_lines(result: ScanResult) -> Lines:
    if not result.skipped:
        return []
    reasons = Counter(skipped.reason for skipped in result.skipped)
    lost = sum(skipped.count for skipped in result.skipped)
    head = f"{len(result.skipped):,} places, {lost:,} records or lines lost"
    top = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    named = " · ".join(f"{count:,}{TIMES} {cut(visible(reason), 60)}" for reason, count in top[:3])
    rest = f" · {len(top) - 3:,} other reasons" if len(top) > 3 else ""
    return [_line(("Skipped   ", "bold"), head), _line(f"  {named}{rest}")]


def _accepted_lines(result: ScanResult) -> Lines:
    """How many findings are accepted, and which entries want a look."""
    if not result.acceptances:
        return []
    accepted = sum(bool(finding.accepted) for finding in result.findings)
    stale = [one for one in result.acceptances if one.standing is not Standing.USED]
    named = ", ".join(f"{_say(one.entry)} {one.standing}" for one in stale[:3])
    rest = f" and {len(stale) - 3:,} more" if len(stale) > 3 else ""
    head = f"{accepted:,} findings, by {len(result.acceptances):,} entries"
    return [_line(("Accepted  ", "bold"), head + (f"; look at {named}{rest}" if stale else ""))]
