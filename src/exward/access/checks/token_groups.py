"""Whether the directory server itself counts a member to a group (`tokenGroups`), or one that no
list names.

[MS-ADTS] 3.1.1.4.5.19: the security groups of an account with all nesting, as its sign-in has them.
Groups for mail only are not in it, nor local groups of other domains.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.facts import Token
from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model.finding import Confidence, Finding
from exward.model.severity import Severity
from exward.model.watchlist import LOCAL

HIDDEN = Rule(
    id="access-hidden-member",
    title="Member of a high-profile group that no list shows",
    techniques=("T1098.007", "T1564"),
    advice="Look at the lists of members as a domain administrator: somebody may have hidden one.",
)
WITHOUT_EFFECT = Rule(
    id="access-member-without-effect",
    title="Member of a high-profile group whom the server does not count",
    techniques=("T1069.002",),
    advice="A group for mail or of another domain lies between: take the member out all the same.",
)
RULES = (HIDDEN, WITHOUT_EFFECT)


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each account and watched group on which lists and server differ."""
    by_sid = {
        view.directory.sid(key).casefold(): key
        for key, one in view.watched.items()
        if one.tool != LOCAL  # of which no domain controller knows
    }
    by_sid.pop("", None)
    for one in view.directory.tokens:
        account = view.directory.key(one.party)
        counted = {by_sid[sid] for sid in map(str.casefold, one.groups) if sid in by_sid}
        listed = {key for key in by_sid.values() if account in view.members.get(key, ())}
        for group in sorted(counted - listed):
            yield _finding(view, HIDDEN, (group, account), one)
        for group in sorted(listed - counted):
            yield _finding(view, WITHOUT_EFFECT, (group, account), one)


def _finding(view: View, rule: Rule, about: tuple[str, str], one: Token) -> Finding:
    group, name = view.directory.name(about[0]), view.directory.name(about[1])
    hidden = rule is HIDDEN
    why = (
        f"The server counts {name} to {group}, but no list that could be read does"
        if hidden
        else f"{name} is in {group} by the lists, but the server does not count it"
    )
    return make(
        rule,
        Said(
            title=f"{rule.title}: {name} ({group})",
            why=f"{why}. {view.watched[about[0]].why}",
            severity=view.watched[about[0]].level if hidden else Severity.LOW,
            about=about,
            places=[(one.place, {"group": group, "member": name})],
            server=view.domain(about[0]),
            account=name,
            confidence=Confidence.MEDIUM,
        ),
    )
