"""The stages of an attack on an Exchange server, in the order in which they happen."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Attack-chain stages in order, then the kinds of finding that are no step of an attack."""

    INITIAL_ACCESS = "initial-access"
    WEB_SHELL = "web-shell"
    EXPLORATION = "exploration"
    ENUMERATION = "enumeration"
    ACCOUNT = "account"
    DEFENCE_EVASION = "defence-evasion"
    CREDENTIAL_ACCESS = "credential-access"
    LATERAL_MOVEMENT = "lateral-movement"
    COLLECTION_EXFILTRATION = "collection-exfiltration"
    PERSISTENCE = "persistence"
    IMPACT = "impact"
    EXPOSURE = "exposure"
    ACCESS_REVIEW = "access-review"
    BEHAVIOUR = "behaviour"
    MAIL = "mail"

    @property
    def order(self) -> int:
        """Position in the attack chain, 0 first."""
        return _ORDER[self]

    @property
    def title(self) -> str:  # type: ignore[override]  # a word for people, not str.title
        """The stage's name for people."""
        return _TITLES[self]


CHAIN: tuple[Stage, ...] = tuple(Stage)[: tuple(Stage).index(Stage.IMPACT) + 1]
"""The eleven stages that make up an attack; the others are findings beside it."""

_ORDER = {stage: order for order, stage in enumerate(Stage)}
_TITLES = {
    Stage.INITIAL_ACCESS: "Initial access",
    Stage.WEB_SHELL: "Web shell",
    Stage.EXPLORATION: "Exploration",
    Stage.ENUMERATION: "Enumeration",
    Stage.ACCOUNT: "Account",
    Stage.DEFENCE_EVASION: "Defence evasion",
    Stage.CREDENTIAL_ACCESS: "Credential access",
    Stage.LATERAL_MOVEMENT: "Lateral movement",
    Stage.COLLECTION_EXFILTRATION: "Collection and exfiltration",
    Stage.PERSISTENCE: "Persistence",
    Stage.IMPACT: "Impact",
    Stage.EXPOSURE: "Exposure",
    Stage.ACCESS_REVIEW: "Access review",
    Stage.BEHAVIOUR: "Behaviour",
    Stage.MAIL: "Mail",
}
