"""Who is asked about each message that is checked: whoever the settings and flags name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from exward.mail.antivirus.clamd import Clamd, Scan
from exward.mail.antivirus.pieces import pieces_of
from exward.mail.authentication.check import authenticate
from exward.mail.authentication.resolver import Resolver
from exward.mail.file_rules import FileRules
from exward.mail.history.learning import learn
from exward.mail.history.store import History
from exward.mail.known import Known
from exward.mail.mime.message import Message
from exward.mail.settings import MailSettings
from exward.model.message import MessageVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOptions:
    """What a check of mail may use beside the messages; it goes to each process that judges."""

    password: str | None = None
    """Of encrypted evidence archives."""
    make_resolver: Callable[[], Resolver] | None = None
    """With one, DKIM, ARC and DMARC are checked; else nothing is looked up."""
    make_rules: Callable[[], FileRules] | None = None
    history: str = ""
    """File with the history of senders; empty: there is none."""
    learns: bool = False
    """Whether the senders of messages that would be delivered are added to it."""
    jobs: int = 0
    """Processes that judge; 0: one for each core. What is learned is learned in order, by one."""


PLAIN = MailOptions()


class Advisers:
    """Asks about one message after another; a context, for what is held open."""

    def __init__(self, settings: MailSettings, options: MailOptions) -> None:
        """Nothing is opened before `with`."""
        self._options = options
        self._resolver = options.make_resolver() if options.make_resolver is not None else None
        self._rules = options.make_rules() if options.make_rules is not None else None
        self._clamd = Clamd(settings.clamd) if settings.clamd is not None else None
        self._runner = asyncio.Runner()
        self._settings = settings
        self._history: History | None = None

    def __enter__(self) -> Advisers:
        """Open what is asked; raises ContentError for a history that cannot be used."""
        if self._options.history:
            self._history = History(self._options.history, learns=self._options.learns)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._runner.close()
        if self._history is not None:
            self._history.close()

    def ask(self, message: Message) -> Known:
        """What they know of a message; what failed is said in it."""
        resolver, checked = self._resolver, None
        if resolver is not None and message.raw:
            checked = authenticate(message, message.raw, resolver, None)
        return Known(
            authentication=checked,
            scan=self._scan(message),
            rules=self._rules,
            history=self._history,
        )

    def learn(self, message: Message, verdict: MessageVerdict, known: Known) -> None:
        """Add the sender to the history if that is wanted."""
        if self._history is not None and self._options.learns:
            learn(self._history, message, verdict, known, self._settings)

    def _scan(self, message: Message) -> Scan | None:
        if self._clamd is None:
            return None
        pieces = [message.raw] if message.raw else []
        if message.ambiguities or not message.raw:
            pieces += pieces_of(message)
        return self._runner.run(self._clamd.scan_all(pieces))
