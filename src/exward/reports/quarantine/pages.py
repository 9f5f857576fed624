"""Pages about held messages: no script, nothing fetched, every value escaped by the template."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from exward.model.quarantine import Preview
from exward.reports.visible import cut, size_text, utc_time, visible

MAX_TEXT = 60_000
_PACKAGE = "exward.reports.quarantine"


def preview_page(shown: Preview) -> str:
    """A held message as a page to open from disk; its policy allows one style and nothing else."""
    return _environment().get_template("preview.html").render(shown=shown, one=shown.kept.holding)


def policy(form_action: str = "'none'") -> str:
    """The content security policy of all pages here."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            f"form-action {form_action}")  # fmt: skip


@cache
def _style() -> str:
    return (files(_PACKAGE) / "assets" / "quarantine.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Our own file, written as it is: its hash stands in the policy.
    environment.globals.update(style=Markup(_style()), policy=Markup(policy()))
    environment.filters.update(time=utc_time, size=size_text, lines=_lines)
    return environment


def _lines(text: str) -> Markup:
    """Text that keeps its line ends; escaped here, because they would not be kept else."""
    return Markup.escape(cut(visible(text, lines=True), MAX_TEXT))


def _finalize(value: object) -> object:
    """Bound every text that a template writes and make it visible; Jinja then escapes it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return cut(visible(value), MAX_TEXT)
    return value
