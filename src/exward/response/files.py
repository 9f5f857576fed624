"""Files that findings name, as paths on the server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import MAX_TARGETS, Case, Sight, Target, distinct, of_finding
from exward.response.quoting import is_path

EVIDENCE = "$Evidence"
"""Variable that the first step of preserving sets, and every later command uses."""

_STAGES = (
    Stage.WEB_SHELL,
    Stage.CREDENTIAL_ACCESS,
    Stage.COLLECTION_EXFILTRATION,
    Stage.PERSISTENCE,
    Stage.EXPLORATION,
)
_DRIVE = re.compile(
    r"(?:^|[/\\!])([A-Za-z])(?::|%3A)?[/\\]((?:inetpub|program files|windows|programdata|users)"
    r"[/\\].+)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\\\\[^\\]+\\([A-Za-z])\$\\?", re.IGNORECASE)
_ADMIN_SHARE = re.compile(r"(?:\\\\\*\\)?([A-Za-z])\$", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?<![\w\\.:])[A-Za-z]:\\[^*?\"<>|:,;'\x00-\x1f ]{1,200}\.(?:dmp|pst|7z|zip|rar|dit)\b",
    re.IGNORECASE,
)


def written_files(case: Case) -> tuple[Target, ...]:
    """Files that an intruder wrote, each once; what is no whole path is left out."""
    found = [*_judged_pages(case), *_of_records(case)]
    return distinct(one for one in found if is_path(one.name))


def named_only(case: Case) -> tuple[str, ...]:
    """Evidence paths of judged files whose place on the server the path does not tell."""
    return tuple(
        dict.fromkeys(
            one.path for one in case.done if one.path and not is_path(server_path(one.path))
        )
    )[:MAX_TARGETS]


def server_path(path: str) -> str:
    r"""The path on the server of `case.zip!C/inetpub/x.aspx`; "" if it does not tell the drive."""
    match = _DRIVE.search(path)
    return f"{match[1].upper()}:\\" + match[2].replace("/", "\\") if match else ""


def local_path(path: str) -> str:
    r"""`\\host\C$\folder\file` as a path on that host; others as they are."""
    return _SHARE.sub(lambda match: f"{match[1].upper()}:\\", path, count=1)


def _judged_pages(case: Case) -> Iterator[Target]:
    for finding in case.done:
        if finding.path:
            detail = finding.sha256
            yield Target(server_path(finding.path), of_finding(finding), detail)


def _of_records(case: Case) -> Iterator[Target]:
    for sight in case.sights(*_STAGES):
        yield from (Target(path, sight.reason) for path in _paths(sight))
    for call in case.calls("New-MailboxExportRequest", "New-ExchangeCertificate"):
        if path := call.parameters.get("filepath", ""):
            yield Target(local_path(path), call.sight.reason)


def _paths(sight: Sight) -> Iterator[str]:
    fields = sight.fields
    yield fields.get("TargetFilename", "")
    share = _ADMIN_SHARE.search(fields.get("ShareName", ""))
    if share and (relative := fields.get("RelativeTargetName", "")):
        yield f"{share[1].upper()}:\\{relative}"
    yield from _WRITTEN.findall(fields.get("CommandLine", ""))
