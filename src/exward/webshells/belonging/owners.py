"""Who owns a web file, and what that says of it.

What a process writes belongs to its account, or to the administrators if it is one of them: an
application pool of its own identity is named by what it wrote. Exchange's pools run as the system,
so that an owner who is an administrator says nothing.

Sources: https://learn.microsoft.com/en-us/windows-server/identity/ad-ds/manage/understand-security-identifiers
(SIDs), https://learn.microsoft.com/en-us/iis/manage/configuring-security/application-pool-identities
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

MAX_NAME_CHARS = 200
FEWEST_INSTALLED = 3
"""Pages that an account must own to pass for the one that installed Exchange."""
_POOL_SID, _POOL_NAME = "S-1-5-82-", "iis apppool\\"
_SID = re.compile(r"S-1-\d{1,14}(?:-\d{1,10}){1,15}")
_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
# What set-up and updates run as. Other languages have other names, but the same SIDs.
_TRUSTED = {
    "S-1-5-18": "nt authority\\system",
    "S-1-5-32-544": "builtin\\administrators",
    _INSTALLER: "nt service\\trustedinstaller",
}
_SERVICES = {
    "S-1-5-17": "nt authority\\iusr",
    "S-1-5-19": "nt authority\\local service",
    "S-1-5-20": "nt authority\\network service",
}


class Owner(msgspec.Struct, frozen=True):
    """An account by its name in the language of the server, and its SID; "" is not known."""

    name: str = ""
    sid: str = ""

    def __str__(self) -> str:
        """The name, or the SID if it has none."""
        return self.name or self.sid

    @property
    def key(self) -> str:
        """The same for the same account."""
        return self.sid or self.name.lower()


NOT_KNOWN = Owner()


def owner_of(name: str, sid: str) -> Owner:
    """The owner as the evidence has it: cut, without control signs, and no SID that is none."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:MAX_NAME_CHARS].strip())
    return Owner(shown, sid if _SID.fullmatch(sid) else "")


def is_web_server(owner: Owner) -> bool:
    """Whether it is the identity of an application pool."""
    if owner.sid:
        return owner.sid.startswith(_POOL_SID)
    return owner.name.lower().startswith(_POOL_NAME)


def installers(owners: Iterable[Owner]) -> frozenset[str]:
    """The account that owns more than half of Exchange's pages on a server: who installed it.

    Neither the web server nor a service can be that, however much it wrote.
    """
    counts = Counter(one.key for one in owners if one.key)
    key, count = max(counts.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    is_most = count >= FEWEST_INSTALLED and 2 * count > counts.total()
    by_sid = Owner(sid=key) if key.startswith("S-1-") else Owner(name=key)
    is_person = not is_web_server(by_sid) and not _is_one_of(by_sid, _SERVICES)
    return frozenset({key}) if is_most and is_person else frozenset()


def said(owner: Owner, installed_by: frozenset[str]) -> str:
    """What the owner says, as a part of a sentence about the page; "" if nothing."""
    if not owner.key or owner.key in installed_by or _is_one_of(owner, _TRUSTED):
        return ""
    if is_web_server(owner):
        return f"its owner is {owner}: the web server itself wrote it"
    if _is_one_of(owner, _SERVICES):
        return f"its owner is {owner}: a service wrote it, most often the web server"
    known = ", nor who installed Exchange" if installed_by else ""
    return f"its owner is {owner}, neither the system nor the administrators{known}"


def _is_one_of(owner: Owner, known: dict[str, str]) -> bool:
    return owner.sid in known if owner.sid else owner.name.lower() in known.values()
