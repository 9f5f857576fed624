"""Names and SIDs that stand for everybody or nearly so (Microsoft Learn: Well-known SIDs)."""

from __future__ import annotations

from exward.model.account import bare_name

_SIDS = frozenset({"s-1-1-0", "s-1-5-7", "s-1-5-11", "s-1-5-32-545", "s-1-5-32-546"})
_RIDS = ("-513", "-514", "-515")
"""Domain Users, Domain Guests, Domain Computers."""
_NAMES = frozenset(
    {"everyone", "authenticated users", "anonymous logon", "domain users", "jeder",
     "authentifizierte benutzer", "domänen-benutzer", "tout le monde", "todos"}
)  # fmt: skip


def is_everybody(reference: str, sid: str = "") -> bool:
    """Whether an account's name or SID, in whatever form, stands for everybody."""
    folded = (sid or reference).strip().casefold()
    if folded in _SIDS or (folded.startswith("s-1-5-21-") and folded.endswith(_RIDS)):
        return True
    return not sid and bare_name(reference) in _NAMES
