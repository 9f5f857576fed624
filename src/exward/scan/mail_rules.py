"""The user's YARA rules at work on mail."""

from __future__ import annotations

from exward.mail.file_rules import RuleMatch, RulesTooSlowError
from exward.yara.loading import id_of
from exward.yara.matching import Matcher, TooSlow
from exward.yara.meta import Said, said


class YaraRules:
    """Rules as `yara.loading.load` compiled them; belongs to one process (`yara.matching`)."""

    def __init__(self, compiled: bytes) -> None:
        """Make them ready."""
        self._matcher = Matcher(compiled)

    def match(self, name: str, data: bytes) -> list[RuleMatch]:
        """As in `FileRules`."""
        try:
            found = self._matcher.match(name, data)
        except TooSlow as error:
            raise RulesTooSlowError(name) from error
        return [_match(id_of(rule), said(rule.identifier, rule.metadata)) for rule in found]


def _match(rule: str, told: Said) -> RuleMatch:
    return RuleMatch(rule, told.title, told.severity)
