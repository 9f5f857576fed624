"""From a rule's ATT&CK tags to the attack-chain stage it stands for.

Source: MITRE ATT&CK tactics and techniques (attack.mitre.org). Rules of our own state their stage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from exward.model.stage import Stage

# Techniques that name a stage more precisely than their tactic does.
_TECHNIQUES = (
    ("t1505.003", Stage.WEB_SHELL),
    ("t1505.004", Stage.PERSISTENCE),
    ("t1190", Stage.INITIAL_ACCESS),
    ("t1136", Stage.ACCOUNT),
    ("t1098", Stage.ACCOUNT),
    ("t1069", Stage.ENUMERATION),
    ("t1087", Stage.ENUMERATION),
    ("t1114", Stage.COLLECTION_EXFILTRATION),
    ("t1562", Stage.DEFENCE_EVASION),
    ("t1070", Stage.DEFENCE_EVASION),
)
# Tactics, most telling first: a rule often carries several.
_TACTICS = (
    ("impact", Stage.IMPACT),
    ("credential-access", Stage.CREDENTIAL_ACCESS),
    ("lateral-movement", Stage.LATERAL_MOVEMENT),
    ("exfiltration", Stage.COLLECTION_EXFILTRATION),
    ("collection", Stage.COLLECTION_EXFILTRATION),
    ("initial-access", Stage.INITIAL_ACCESS),
    ("reconnaissance", Stage.INITIAL_ACCESS),
    ("persistence", Stage.PERSISTENCE),
    ("command-and-control", Stage.PERSISTENCE),
    ("discovery", Stage.EXPLORATION),
    ("defense-evasion", Stage.DEFENCE_EVASION),
    ("defense-impairment", Stage.DEFENCE_EVASION),
    ("stealth", Stage.DEFENCE_EVASION),
    ("privilege-escalation", Stage.PERSISTENCE),
    ("execution", Stage.EXPLORATION),
)
_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)\Z")


def techniques_of(tags: Sequence[str]) -> tuple[str, ...]:
    """ATT&CK technique ids in upper case, in the tags' order."""
    found = (_TECHNIQUE.match(tag.lower()) for tag in tags)
    return tuple(dict.fromkeys(match[1].upper() for match in found if match))


def stage_of(stated: str, tags: Sequence[str]) -> Stage:
    """The stage that the rule states, else the one its tags stand for (exploration if none)."""
    if stated:
        return Stage(stated)
    names = [tag.lower().removeprefix("attack.").replace("_", "-") for tag in tags]
    for technique, stage in _TECHNIQUES:
        if any(name == technique or name.startswith(f"{technique}.") for name in names):
            return stage
    return next((stage for tactic, stage in _TACTICS if tactic in names), Stage.EXPLORATION)
