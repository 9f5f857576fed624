"""Names and SIDs that stand for everybody or nearly so (Microsoft Learn: Well-known SIDs)."""

from __future__ import annotations

from exward.model.account import bare_name, split_account

WINDOWS = ("nt authority", "nt-autorität", "autorite nt", "autorité nt", "autoridad nt", "")
"""The domain of Windows' own names, as languages write it: any account may have their names."""

_ALL_SIDS = frozenset({"s-1-1-0", "s-1-5-11"})
_ALL_NAMES = frozenset(
    {"everyone", "authenticated users", "jeder", "authentifizierte benutzer", "tout le monde",
     "utilisateurs authentifiés", "todos", "usuarios autentificados", "usuários autenticados"}
)  # fmt: skip
"""Everyone and Authenticated Users."""
_SIDS = _ALL_SIDS | {
    "s-1-5-7", "s-1-5-2", "s-1-5-4", "s-1-5-15", "s-1-5-32-545", "s-1-5-32-546",
}  # fmt: skip
"""Besides: who has not signed in, who has over the network or at the machine itself, all of this
organisation, Users, Guests.
"""
_RIDS = ("-513", "-514", "-515")
"""Domain Users, Domain Guests, Domain Computers."""
_NAMES = _ALL_NAMES | {
    "anonymous logon", "domain users", "domain guests", "domain computers", "domänen-benutzer",
    "domänen-gäste", "domänencomputer", "utilisateurs du domaine", "usuarios del dominio",
    "usuários do domínio",
}  # fmt: skip


def is_all(reference: str) -> bool:
    """Whether a SID, or a name of Windows' own, is that of all who can sign in: what is denied to
    them is denied to each account.
    """
    name, domain = split_account(reference.casefold())
    return name in _ALL_SIDS or (name in _ALL_NAMES and domain in WINDOWS)


def is_everybody(reference: str, sid: str = "") -> bool:
    """Whether an account's name or SID, in whatever form, stands for everybody or nearly so."""
    folded = (sid or reference).strip().casefold()
    if folded in _SIDS or (folded.startswith("s-1-5-21-") and folded.endswith(_RIDS)):
        return True
    return not sid and bare_name(reference) in _NAMES
