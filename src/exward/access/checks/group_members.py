"""Members of watched groups: all of them to decide on, and each that something speaks against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from exward.access.changes import said
from exward.access.facts import Place
from exward.access.findings import Rule, Said, make
from exward.access.traits import Member, Suspicion, traits
from exward.access.view import View
from exward.model.finding import Finding
from exward.model.powershell import literal
from exward.model.severity import Severity
from exward.model.watchlist import LOCAL, MACHINES, Watched

MEMBERS = Rule(
    id="access-group-members",
    title="Members of a high-profile group to decide on",
    techniques=("T1069.002",),
    advice="Decide for each member: keep or remove.",
)
SUSPECT = Rule(
    id="access-suspect-member",
    title="Suspect member of a high-profile group",
    techniques=("T1078.002",),
)
LARGE = Rule(
    id="access-group-too-large",
    title="High-profile group that nobody can oversee",
    techniques=("T1069.002",),
    advice="Take members out until each has somebody who answers for him.",
)
RULES = (MEMBERS, SUSPECT, LARGE)
MANY = 50
"""Members of a group for people from which on nobody knows them all; of Domain Admins Microsoft
wants none in daily use (Microsoft Learn: Appendix F, securing Domain Admins groups)."""
MAX_SINGLE = 50
"""Suspect members of one group that get a finding each; more are counted by what is wrong."""

MAX_NAMED = 8
"""Members of a group that are named in one sentence; of more the nested groups are counted."""

_PRIMARY = (
    ": this is its primary group, which no command takes it out of. Put it into Domain Users, make "
    "that its primary group (primaryGroupID 513), then take it out of this one."
)

_Suspects = list[tuple[str, list[Suspicion]]]


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each watched group with members, and those on suspect members."""
    for group, watched in view.watched.items():
        paths = view.members.get(group, {})
        if not paths:
            continue
        yield _listed(view, group, watched)
        if len(paths) > MANY and watched.expects != MACHINES:
            yield _large(view, group, watched)
        suspects: _Suspects = []
        for key in sorted(paths):
            member = Member(view, watched, key, view.directory.parties.get(key))
            found = list(traits(member))
            if found:
                suspects.append((key, found))
        if len(suspects) <= MAX_SINGLE:
            yield from (_suspect(view, group, watched, one) for one in suspects)
        else:
            yield from _summed(view, group, watched, suspects)


def place_of(view: View, group: str, key: str) -> tuple[Place, Mapping[str, str]]:
    """Where the evidence says that a party is a member, and how it got there."""
    directory = view.directory
    path = view.members[group][key]
    since = view.since(path[-1], key) or view.since(group, key)
    remove, undo = removal(view, path, key)
    fields = {
        "group": directory.name(group),
        "member": directory.name(key),
        "sid": directory.sid(key),
        "path": " > ".join(map(directory.name, (*path, key))),
        "remove": remove,
        "undo": undo,
    }
    if since is not None:
        fields |= {"added_by": since.by, "added_as": since.how, "added": said(since)}
    return directory.members[path[-1]][key], {name: text for name, text in fields.items() if text}


def removal(view: View, path: tuple[str, ...], key: str) -> tuple[str, str]:
    """The command that removes a member where it is listed, and the one that puts it back; none
    where it is listed by its primary group alone.
    """
    if (path[-1], key) in view.directory.primary:
        return "", ""
    listing = view.watched.get(path[-1])
    if listing is not None and listing.tool == LOCAL:
        name = view.directory.name(path[-1]).rpartition("\\")[2]
        who = view.directory.sid(key) or view.directory.name(key)
        words = f"-Group {literal(name)} -Member {literal(who)}"
        return f"Remove-LocalGroupMember {words}", f"Add-LocalGroupMember {words}"
    group, member = literal(view.directory.name(path[-1])), view.directory.name(key)
    if listing is not None and listing.tool == "exchange" and listing.expects != MACHINES:
        commands = "Remove-RoleGroupMember", "Add-RoleGroupMember"
        arguments = f"{group} -Member {literal(member)}"
    else:
        commands = "Remove-ADGroupMember", "Add-ADGroupMember"
        arguments = f"-Identity {group} -Members {literal(view.directory.sid(key) or member)}"
    return f"{commands[0]} {arguments}", f"{commands[1]} {arguments}"


def _listed(view: View, group: str, watched: Watched) -> Finding:
    keys = sorted(view.members[group])
    name = view.directory.name(group)
    inside, advice = _inside(view, group)
    return make(
        MEMBERS,
        Said(
            title=f"{name}: {_counted(len(keys))} to decide on",
            why=f"{inside}. {watched.why}",
            advice=advice,
            severity=Severity.INFORMATIONAL,
            about=(group,),
            places=[place_of(view, group, key) for key in keys[:100]],
            server=view.domain(group),
            count=len(keys),
        ),
    )


def _large(view: View, group: str, watched: Watched) -> Finding:
    inside, advice = _inside(view, group)
    name, count = view.directory.name(group), len(view.members[group])
    places = [place_of(view, group, key) for key in sorted(view.members[group])[:1]]
    return make(
        LARGE,
        Said(
            title=f"{name} has {count:,} members",
            why=f"{inside}: nobody can answer for so many. {watched.why}",
            severity=watched.level,
            about=(group,),
            places=places,
            advice=advice,
            server=view.domain(group),
            count=count,
        ),
    )


def _inside(view: View, group: str) -> tuple[str, str]:
    """Who is in a group, in words, and the command that makes a large one smaller."""
    paths, name = view.members[group], view.directory.name
    if len(paths) <= MAX_NAMED:
        shown = (
            name(key) + _how(view, group, key)
            for key, path in sorted(paths.items(), key=lambda item: (len(item[1]), item[0]))
        )
        return ", ".join(shown), ""
    through = Counter(path[1] for path in paths.values() if len(path) > 1)
    direct = len(paths) - through.total()
    words = f"{direct:,} direct, {through.total():,} through nested groups"
    if not through:
        return words, ""
    nested, count = min(through.items(), key=lambda item: (-item[1], item[0]))
    remove, undo = removal(view, (group,), nested)
    advice = f"Take the nested group out first: {remove}. Undo: {undo}."
    return f"{words}, {count:,} of these through {name(nested)}", advice


def _how(view: View, group: str, key: str) -> str:
    """Through which group a member is in, and since when, as far as that is known."""
    path = view.members[group][key]
    since = view.since(path[-1], key) or view.since(group, key)
    words = [f"through {view.directory.name(path[1])}"] if len(path) > 1 else []
    words += ["by its primary group"] if (path[-1], key) in view.directory.primary else []
    words += [f"added {said(since)}"] if since is not None else []
    return f" ({'; '.join(words)})" if words else ""


def _counted(number: int) -> str:
    return "1 member" if number == 1 else f"{number:,} members"


def _suspect(
    view: View, group: str, watched: Watched, suspect: tuple[str, list[Suspicion]]
) -> Finding:
    key, found = suspect
    path = view.members[group][key]
    through = (
        "" if len(path) == 1 else f", through {' > '.join(map(view.directory.name, path[1:]))}"
    )
    words = "; ".join(one.words for one in found)
    remove, undo = removal(view, path, key)
    worst = max(found, key=lambda one: one.level.rank)
    name = view.directory.name(key)
    instead = worst.instead.replace("NAME", literal(name))
    first = f"{instead}. Else remove" if instead else "Remove"
    how = f": {remove}. Undo: {undo}." if remove else _PRIMARY
    return make(
        SUSPECT,
        Said(
            title=f"Suspect member of {view.directory.name(group)}: {name}",
            why=f"{words} ({view.directory.name(group)}{through})",
            severity=worst.level,
            about=(group, key),
            places=[place_of(view, group, key)],
            advice=first + how,
            server=view.domain(group),
            account=name,
        ),
    )


def _summed(view: View, group: str, watched: Watched, suspects: _Suspects) -> Iterator[Finding]:
    """One finding for each kind of trait: too many members to name each."""
    counts: Counter[str] = Counter()
    levels: dict[str, Severity] = {}
    places: dict[str, list[str]] = {}
    for key, found in suspects:
        for one in found:
            counts[one.trait] += 1
            levels[one.trait] = one.level
            places.setdefault(one.trait, []).append(key)
    for kind, count in sorted(counts.items()):
        yield make(
            SUSPECT,
            Said(
                title=f"{_counted(count)} of {view.directory.name(group)} {kind}",
                why=f"Too many to name each. {watched.why}",
                severity=levels[kind],
                about=(group, kind),
                places=[place_of(view, group, key) for key in places[kind][:100]],
                server=view.domain(group),
                count=count,
            ),
        )
