"""Pages about held messages: no script, nothing fetched, every value escaped by the template."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from exward.model.quarantine import Answer, Asked, Preview
from exward.reports.visible import cut, size_text, utc_time, visible

MAX_TEXT = 60_000
MAX_BRIEF = 200
WORDS = {
    Answer.READY: ("Release this message?", "It was held back because it looked harmful or "
                   "unwanted. If you did not expect it, close this page."),
    Answer.RELEASED: ("Released", "The message is on its way to your mailbox."),
    Answer.UNKNOWN: ("Nothing here", "This link is not valid, or the message was deleted."),
    Answer.ENDED: ("Too late", "This link has ended. Ask your administrator."),
    Answer.USED: ("Already done", "This link was used, or the message was released already."),
    Answer.ADMINISTRATOR: ("Ask your administrator", "Only administrators release messages of "
                           "this kind."),
    Answer.LATER: ("Not now", "It could not be released just now. Try again later, or ask your "
                   "administrator."),
}  # fmt: skip
"""Title and words for each answer."""
_PACKAGE = "exward.reports.quarantine"


def preview_page(shown: Preview) -> str:
    """A held message as a page to open from disk; its policy allows one style and nothing else."""
    return environment().get_template("preview.html").render(shown=shown, one=shown.kept.holding)


def link_page(asked: Asked) -> str:
    """What a user sees who follows a link: a button, or why there is none."""
    title, words = WORDS[asked.answer]
    is_ready = asked.answer is Answer.READY
    template = environment().get_template("link.html")
    return template.render(asked=asked, title=title, words=words, is_ready=is_ready)


def policy(*, is_served: bool = False) -> str:
    """The content security policy: one style, no request; a page that is served has its button."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    rest = "form-action 'self'; frame-ancestors 'none'" if is_served else "form-action 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; {rest}"


@cache
def _style() -> str:
    return (files(_PACKAGE) / "assets" / "quarantine.css").read_text("utf-8")


@cache
def environment() -> Environment:
    """The templates, with everything escaped and bounded."""
    made = Environment(
        loader=PackageLoader(_PACKAGE, "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Our own file, written as it is: its hash stands in the policy.
    made.globals.update(style=Markup(_style()), policy=Markup(policy()))
    made.filters.update(time=utc_time, size=size_text, lines=_lines, brief=_brief)
    return made


def _brief(text: str) -> str:
    return cut(visible(text), MAX_BRIEF)


def _lines(text: str) -> Markup:
    """Text that keeps its line ends; escaped here, because they would not be kept else."""
    return Markup.escape(cut(visible(text, lines=True), MAX_TEXT))


def _finalize(value: object) -> object:
    """Bound every text that a template writes and make it visible; Jinja then escapes it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return cut(visible(value), MAX_TEXT)
    return value
